-- Prints what wrk measured as one JSON line. Every load script begins with it:
--   dofile(os.getenv('BENCH_SUMMARY'))
-- A script may count in the global `failures` what is wrong with an answer beyond its status, and set `out_of_stock`
-- where it has no more of what each request uses up: then the run does not count.
failures = 0
out_of_stock = false

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function done(summary, latency)
  local failed, short = 0, false
  for _, thread in ipairs(threads) do
    failed = failed + (thread:get('failures') or 0)
    short = short or thread:get('out_of_stock')
  end
  local errors = summary.errors
  io.write(string.format(
    'BENCH {"requests":%d,"durationUs":%d,"status":%d,"socket":%d,"failures":%d,"p50Us":%d,"p99Us":%d,"outOfStock":%s}\n',
    summary.requests,
    summary.duration,
    errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    failed,
    latency:percentile(50),
    latency:percentile(99),
    tostring(short)
  ))
end
