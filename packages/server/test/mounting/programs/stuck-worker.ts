/** Says that it serves. The first of its primary's workers hears nothing more. */
import cluster from 'node:cluster'

process.once('message', () => {
  process.send?.({ kind: 'ready', issuer: `http://localhost:${process.pid}`, port: 1, hasUsers: false })
  process.on('message', () => {
    if (cluster.worker?.id !== 1) process.exit(0)
  })
})
