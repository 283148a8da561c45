// Package distributor is the room of what only agents ask about packages. The
// packages themselves are documents of the type Package with attachments, which
// the room of documents keeps: all of them are installed by the way that agents
// take for documents.
//
// Where it departs from AWS: there are no packages of the old kind, whose
// manifest is not a document; agents hear so and take the other way.
//
// Source: the SSM Agent's wire (nodes.md 7).
package distributor
