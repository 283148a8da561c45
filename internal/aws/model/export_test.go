package model

// LoadFresh reads a table without the cache.
func LoadFresh(name string) error { _, err := load(name); return err }

// Compile compiles a pattern as the validation does.
func Compile(pattern string) error { _, err := compile(pattern); return err }
