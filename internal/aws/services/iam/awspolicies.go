package iam

import (
	"crypto/sha256"
	"embed"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"sync"
	"time"
)

// The AWS managed policies of the plane: same names, paths and dates as AWS's,
// documents written for this plane from the documented actions of each service.
//
//go:embed awspolicies/*.json
var awsPolicyFiles embed.FS

// awsAccount stands where the ARNs of AWS managed policies have an account.
const awsAccount = "aws"

type awsPolicyFile struct {
	Path        string
	Created     time.Time
	Description string
	Linked      bool // for roles that are linked to a service only
	Document    json.RawMessage
}

// awsPolicies returns the AWS managed policies by ARN. They are the same in
// every account and never change while the plane runs.
var awsPolicies = sync.OnceValue(func() map[string]*managed {
	files, err := awsPolicyFiles.ReadDir("awspolicies")
	if err != nil {
		panic(err) // the files are part of the binary
	}
	out := make(map[string]*managed, len(files))
	for _, f := range files {
		m, err := readAWSPolicy(f.Name())
		if err != nil {
			panic(err)
		}
		out[m.arn(awsAccount)] = m
	}
	return out
})

func readAWSPolicy(file string) (*managed, error) {
	text, err := awsPolicyFiles.ReadFile(path.Join("awspolicies", file))
	if err != nil {
		return nil, err
	}
	var f awsPolicyFile
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, fmt.Errorf("read AWS managed policy %s: %w", file, err)
	}
	m := &managed{
		Name: strings.TrimSuffix(file, ".json"), Path: f.Path, Description: f.Description,
		Created: f.Created, Updated: f.Created, Default: 1, Next: 2, linked: f.Linked, document: string(f.Document),
	}
	sum := sha256.Sum256([]byte(m.arn(awsAccount)))
	m.ID = "ANPA" + base32.StdEncoding.EncodeToString(sum[:])[:17]
	return m, nil
}
