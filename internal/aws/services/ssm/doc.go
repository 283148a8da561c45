// Package ssm is the wing of Systems Manager: it joins its rooms into one
// service and plugs them into each other. It also takes what the nodes report
// (nodes.Reports), and offers the delivery engine the orders that are open.
//
// Behind it stand real machines: a managed node exists because an agent
// registered by an activation, and a command's result is what that agent
// reported.
//
// Where it differs from AWS:
//
//   - A node may do what the role of its activation allows, on itself only.
//   - A WorkSpace's id (ws-...) may stand for an instance id: it means the node
//     of its desktop. Answers name that node by its mi- id, which is what AWS
//     would have to be given.
//   - PingStatus is Online exactly while the node's control channel is open.
//   - A registration that is repeated by the same machine answers with the same
//     node.
//   - The service settings are those of Parameter Store; tags are those of
//     managed nodes, parameters and documents.
//   - The documents of owner Amazon are written anew, to what AWS documents of
//     them; those for Windows run on Windows nodes only.
//   - A result that arrives after a command was given up changes nothing.
package ssm
