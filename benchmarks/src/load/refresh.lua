-- Refreshes with the token of the answer before: many chains, longer than the connections, first in, first out.
-- Arguments: the file of the chains' first tokens, the client's Authorization, the rest of the body.
dofile(os.getenv('BENCH_SUMMARY'))

local tokens, first, last, rest = {}, 1, 0, nil

function init(args)
  for token in io.lines(args[1]) do
    last = last + 1
    tokens[last] = token
  end
  wrk.method = 'POST'
  wrk.headers['Authorization'] = args[2]
  wrk.headers['Content-Type'] = 'application/x-www-form-urlencoded'
  rest = args[3]
end

function request()
  local token = tokens[first]
  if token == nil then
    out_of_stock = true
    wrk.thread:stop()
  else
    tokens[first] = nil
    first = first + 1
  end
  return wrk.format(nil, nil, nil, rest .. '&refresh_token=' .. (token or 'none'))
end

function response(status, headers, body)
  local token = status == 200 and body:match('"refresh_token":"([^"]+)"')
  if token then
    last = last + 1
    tokens[last] = token
  else
    failures = failures + 1
  end
end
