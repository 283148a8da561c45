// Package ec2 is the wing of Amazon EC2. Its one room is vpc: networks, what
// they are divided into, what leads out of them and what guards them. Machines
// (RunInstances and its like) and their disks are gaps.
package ec2
