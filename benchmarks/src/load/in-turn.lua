-- Sends the whole requests of a file in turn, again and again: -- FILE [STATUS LOCATION BODY]
-- Each stands behind a line with its length in bytes. With STATUS, an answer of another one is wrong, and so is one whose Location
-- or body does not match its pattern; an empty pattern matches all.
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
    local wanted, location, text = tonumber(args[2]), args[3], args[4]
    response = function(status, headers, body)
      local right = status == wanted
        and (location == '' or string.find(headers['Location'] or headers['location'] or '', location))
        and (text == '' or string.find(body, text))
      if not right then failures = failures + 1 end
    end
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end
