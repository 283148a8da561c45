package s3

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// canonical is the canonical user id of an account: AWS gives each one 64
// hexadecimal digits that say nothing of its number.
func canonical(account string) *string {
	sum := sha256.Sum256([]byte("canonical user of account " + account))
	return aws.String(hex.EncodeToString(sum[:]))
}

func ownerOf(b *bucket) *types.Owner { return &types.Owner{ID: canonical(b.Owner)} }

// fullControl is the one grant of buckets and objects whose ACLs are disabled.
func (b *bucket) fullControl() []types.Grant {
	return []types.Grant{{
		Grantee:    &types.Grantee{Type: types.TypeCanonicalUser, ID: canonical(b.Owner)},
		Permission: types.PermissionFullControl,
	}}
}
