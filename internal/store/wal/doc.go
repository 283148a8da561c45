// Package wal gives SQLite a file system (a VFS) that writes the write-ahead
// log in one piece.
//
// SQLite writes each page of a commit by two calls of pwrite(2), some forty
// pages for five updates, and asks for fsync(2) at the end. Here they are
// gathered and written by one pwrite before the sync, which is fdatasync(2):
// nothing of the log needs its time stamps on the disk. All else is left to
// SQLite's own file system, and so is the order: nothing is told to be durable
// that is not, and no page is seen by a reader before it is written.
//
// This holds for connections with synchronous=FULL only: they sync a commit
// before they show it to others.
package wal
