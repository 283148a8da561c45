// Package storetest is the suite that every engine of the store passes, with a
// small reference model as oracle, and a helper that keeps the stored form of
// a record in a golden file.
package storetest
