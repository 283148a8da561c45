// Package s3 is the room of Amazon S3: buckets, objects, versions, multipart
// uploads, and what rules them.
//
// Bodies are real files (package blob), streamed in and out, sealed with
// AES-256 by a key outside the database: that is what "AES256" in an answer
// means. An object is a record whose key is the object's key; it is never a
// path, so `../x`, `a//b` and `./a` are keys as any other. A body is durable
// before the record that names it is committed; an upload that breaks off
// leaves nothing to see. What a commit let go of is removed by Upkeep, from a
// table of what is doomed.
//
// A list is read by keyset; below a delimiter it goes on behind the common
// prefix by a new seek, so that it never walks through a "folder".
//
// Where it differs from AWS:
//   - One storage class, STANDARD: lifecycle transitions are refused.
//   - No SSE-KMS, SSE-C, Object Lock, website, replication, logging,
//     notifications, requester pays: asked to be set they are refused or
//     unknown, asked for they answer as where they were never set.
//   - Object ownership is "bucket owner enforced" and ACLs are disabled, as for
//     new buckets on AWS. Permissions are policies.
//   - Lifecycle rules are looked at each midnight UTC, and at once when they
//     were changed.
//   - DeleteObjects by a caller who may delete none of the objects is refused
//     whole; AWS lists each as denied. Where some may be deleted both list.
//   - A completed multipart upload answers a repeated CompleteMultipartUpload
//     for a day.
package s3
