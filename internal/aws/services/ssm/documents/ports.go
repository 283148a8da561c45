package documents

// Ports is what the room asks of its wing.
type Ports struct {
	// Amazon are the documents that the house provides.
	Amazon []Provided
}

// Provided is a document of owner Amazon, in its one version.
type Provided struct {
	Name    string
	Type    string // Command, ...
	Format  string // JSON or YAML
	Content []byte
}
