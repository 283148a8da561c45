// Package store keeps the truth of the house: typed tables of records, read
// and written in transactions, and a feed that tells engines what changed.
//
// What it promises:
//
//   - Update returns nil only when its effect is durable (on a file: after
//     fsync). A function that fails, panics or is cancelled before it began
//     leaves nothing behind.
//   - A transaction function has no side effect but on its Tx, may run more
//     than once, possibly in another goroutine, and opens no other transaction.
//     Nothing that waits (network, provider) belongs inside.
//   - View sees one moment of the whole store.
//   - Every Put and Delete is one row of the feed, written in the same
//     transaction. The feed's order is the order of the commits: a reader that
//     goes on from a cursor never misses a row.
//   - A journal finds a record as soon as it is committed, though its terms are
//     indexed later, those of many records together (Store.Run).
//   - A record belongs to a Scope. Nothing but Everywhere, which is for
//     engines, reads across scopes.
//
// The engine here is SQLite, in a file or in memory. Updates that wait at the
// same time share one commit, and one fsync pays for all. When one of them
// fails after it has written, all run again, each in a savepoint of its own, so
// that the failure rolls back alone.
package store
