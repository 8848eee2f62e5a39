-- Sends the whole requests of a file in turn, again and again: -- FILE [PATTERN]
-- Each stands behind a line with its length in bytes. With PATTERN, an answer whose Location does not match is wrong.
dofile(os.getenv('BENCH_SUMMARY'))

local requests = {}
local turn = 0

function init(args)
  local file = assert(io.open(args[1], 'rb'))
  local length = file:read('*n')
  while length do
    file:read(1)
    requests[#requests + 1] = file:read(length)
    length = file:read('*n')
  end
  file:close()
  if args[2] then
    response = function(_, headers)
      if not string.find(headers['Location'] or headers['location'] or '', args[2]) then failures = failures + 1 end
    end
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end
