package local

// OpenPlain is Open as on a machine without namespaces.
var OpenPlain = openPlain
