package model

// LoadFresh reads a table without the cache.
func LoadFresh(name string) error { _, err := load(name); return err }

// Compile compiles a pattern as the validation does.
func Compile(pattern string) error {
	if specials[pattern] != nil {
		return nil
	}
	_, err := compile(pattern)
	return err
}

// Specials are the patterns that have a rule in Go.
func Specials() map[string]func(string) bool { return specials }
