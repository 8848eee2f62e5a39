-- Collects authorization codes: asks, as a browser that is signed in, until there are enough, writes them to a file,
-- one a line, and ends wrk. Arguments: how many, the file, the browser's Cookie.
dofile(os.getenv('BENCH_SUMMARY'))

local wanted, path
local codes, refused = {}, 0

function init(args)
  wanted, path = tonumber(args[1]), args[2]
  wrk.headers['Cookie'] = args[3]
end

local function finish()
  local file = assert(io.open(path, 'w'))
  file:write(table.concat(codes, '\n'), '\n')
  file:close()
  os.exit(0)
end

function response(status, headers)
  local location = headers['location'] or headers['Location'] or ''
  local code = location:match('[?&]code=([^&]+)')
  if code then
    codes[#codes + 1] = code
    if #codes >= wanted then finish() end
  else
    refused = refused + 1
    if refused > 100 then
      io.stderr:write('no code: ', status, ' ', location, '\n')
      os.exit(1)
    end
  end
end
