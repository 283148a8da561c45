// Package parameterstore is the room of Parameter Store: named values with
// versions, labels, tags and policies. A value of type SecureString is stored
// as ciphertext only, made by the kms room in the caller's name.
//
// Where it departs from AWS:
//
//   - The data type aws:ec2:image is refused while there is no EC2 here to hold
//     the image against.
//   - No public parameters (/aws/service/...) are offered, and no parameter can
//     be shared with another account.
//   - A name that was deleted may be used again at once.
//   - Throughput is not limited, so the setting high-throughput-enabled, which
//     could change nothing, is answered as one that does not exist.
//
// Sources: Systems Manager API Reference; User Guide, "AWS Systems Manager
// Parameter Store", "Assigning parameter policies", "Working with parameter
// labels", "Managing parameter tiers"; KMS Developer Guide, "How AWS Systems
// Manager Parameter Store uses AWS KMS".
package parameterstore
