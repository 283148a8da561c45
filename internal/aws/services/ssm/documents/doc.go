// Package documents is the room of Systems Manager documents: texts with
// versions that say what runs on nodes, in sessions and in automations, and when
// changes may be made. What is stored was parsed and held against its schema;
// Run Command runs the documents of type Command.
//
// Where it departs from AWS:
//
//   - A document is Active when the answer arrives; answers to CreateDocument and
//     UpdateDocument say Creating and Updating, as AWS's do.
//   - Documents can be of the types Command, Automation, Session, Policy, Package
//     and ChangeCalendar. Attachments are read, in the caller's name, before the
//     answer; what cannot be read makes the version Failed. Their URLs are the
//     plane's own and work for an hour.
//   - The documents of owner Amazon are those that something here can run.
//   - Reviews are kept for any document, not for change templates alone, and
//     anyone may answer one whom UpdateDocumentMetadata is allowed: there is no
//     Change Manager to name reviewers.
//
// Sources: Systems Manager API Reference; User Guide, "Schemas, features, and
// examples", "Data elements and parameters", "Command document plugin
// reference", "Automation action reference", "Session document schema",
// "AWS Systems Manager Change Calendar".
package documents
