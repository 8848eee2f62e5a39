-- Redeems authorization codes, each once, the newest first: they do not live long. Arguments: the file of codes, the client's Authorization, the rest of the body.
dofile(os.getenv('BENCH_SUMMARY'))

local codes, rest = {}, nil

function init(args)
  for code in io.lines(args[1]) do codes[#codes + 1] = code end
  wrk.method = 'POST'
  wrk.headers['Authorization'] = args[2]
  wrk.headers['Content-Type'] = 'application/x-www-form-urlencoded'
  rest = args[3]
end

function request()
  local code = table.remove(codes)
  if code == nil then
    out_of_stock = true
    wrk.thread:stop()
  end
  return wrk.format(nil, nil, nil, rest .. '&code=' .. (code or 'none'))
end

function response(status, headers, body)
  if status ~= 200 or not body:find('"refresh_token"', 1, true) then failures = failures + 1 end
end
