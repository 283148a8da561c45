// Package seal keeps secrets that the store holds from being readable in it.
//
// Three layers: a master key, which is never in the database (a file of mode
// 0600 in the data folder, or derived from a passphrase that is not on this
// machine's disk at all); a ring of data keys, each wrapped by the master key,
// in a file of its own; and sealed values, AES-256-GCM under the newest data
// key, bound to a purpose, so that a value moved to another record does not
// open there.
//
// When the master key changes a new data key begins as well, so that all that
// was sealed can be sealed anew and what the old master key could open ends.
// Each step of the change is one atomic write of a file, and between any two of
// them one of the masters at hand opens the ring.
//
// Sources: NIST SP 800-38D (GCM), RFC 7914 (scrypt).
package seal
