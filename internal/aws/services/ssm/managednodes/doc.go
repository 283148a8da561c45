// Package managednodes is the room of hybrid activations and managed nodes of
// Systems Manager: how a machine that is no EC2 instance becomes mi-..., proves
// itself and is listed.
//
// A node is real: it exists because an agent registered a public key by an
// activation. Online means that its control channel is open at this moment.
//
// Where it departs from AWS: ListNodes takes the name of any resource data sync
// of the type SyncFromSource, and of its own account; a node has no
// organizational unit; a registration that is repeated with the same key and
// fingerprint answers with the same node, so that a crash between the
// two sides uses up no activation; a node that belongs to a WorkSpace may be
// named by the WorkSpace's id (ws-...) wherever an instance id is asked for, and
// every answer names it by its mi- id, which is what AWS would want to be given.
//
// Sources: Systems Manager API Reference; User Guide, "Create a hybrid
// activation to register nodes with Systems Manager".
package managednodes
