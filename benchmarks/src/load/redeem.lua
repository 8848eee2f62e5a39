-- Redeems authorization codes, each once. Arguments: the file of codes, the client's Authorization, the rest of the body.
dofile(os.getenv('BENCH_SUMMARY'))

local codes, next_code, rest = {}, 0, nil

function init(args)
  for code in io.lines(args[1]) do codes[#codes + 1] = code end
  wrk.method = 'POST'
  wrk.headers['Authorization'] = args[2]
  wrk.headers['Content-Type'] = 'application/x-www-form-urlencoded'
  rest = args[3]
end

function request()
  next_code = next_code + 1
  local code = codes[next_code]
  if code == nil then
    -- Out of codes: what was measured is not what was asked for, so the answer to this one counts as wrong.
    failures = failures + 1
    wrk.thread:stop()
    code = 'none-left'
  end
  return wrk.format(nil, nil, nil, rest .. '&code=' .. code)
end

function response(status, headers, body)
  if status ~= 200 or not body:find('"refresh_token"', 1, true) then failures = failures + 1 end
end
