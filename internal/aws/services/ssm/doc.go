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
//   - There is no IAM room yet: the role of an activation is stored as given,
//     and a node may do what AmazonSSMManagedInstanceCore allows, on itself.
//   - A WorkSpace's id (ws-...) may stand for an instance id: it means the node
//     of its desktop. Answers name that node by its mi- id, which is what AWS
//     would have to be given.
//   - PingStatus is Online exactly while the node's control channel is open.
//   - A registration that is repeated by the same machine answers with the same
//     node.
//   - The service settings are those of Parameter Store; tags are those of
//     managed nodes, parameters and documents.
//   - The one document of owner Amazon is AWS-RunShellScript; documents of
//     customers run as far as nodes here can. Output to S3 and CloudWatch Logs,
//     notifications, alarms and resource groups as targets are refused.
//   - A result that arrives after a command was given up replaces the giving
//     up.
package ssm
