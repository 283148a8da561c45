package accessanalyzer

import (
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"

	"tamachi/internal/policy"
)

// invalid refuses a parameter.
func invalid(format string, args ...any) error {
	return &types.InvalidParameterException{Message: new(fmt.Sprintf(format, args...))}
}

// open is the answer where a check can neither be proved nor refuted.
func open(p policy.Proof) error {
	where := strings.Trim(fmt.Sprint(p.Statements), "[]")
	return &types.UnprocessableEntityException{Message: new("The policy is too complex to be checked: nothing could be proved of the statements with these indexes: " + where)}
}

// longest bounds a policy, in bytes: several times what any policy of AWS may have
// (S3 bucket policies have 20 KB).
const longest = 100_000

// document reads a policy of a type.
func document(text string, of types.AccessCheckPolicyType) (*policy.Document, error) {
	if len(text) > longest {
		return nil, invalid("The policy document is longer than any policy can be.")
	}
	if of == types.AccessCheckPolicyTypeResourcePolicy {
		return resourceDocument(text)
	}
	d, err := policy.Parse(text)
	return d, unread(err)
}

// resourceDocument reads the policy of a resource, or the trust policy of a
// role, which names no resource.
func resourceDocument(text string) (*policy.Document, error) {
	if len(text) > longest {
		return nil, invalid("The policy document is longer than any policy can be.")
	}
	d, err := policy.ParseResource(text)
	if err != nil {
		if trust, trustErr := policy.ParseTrust(text); trustErr == nil {
			return trust, nil
		}
	}
	return d, unread(err)
}

func unread(err error) error {
	fault, ok := errors.AsType[*policy.Fault](err)
	if !ok {
		return err
	}
	return invalid("The policy document is not valid at line %d, column %d: %s", fault.Line, fault.Column, fault.Message)
}

// reasons names statements of a document as a check's answer does.
func reasons(d *policy.Document, p policy.Proof, text string) []types.ReasonSummary {
	out := []types.ReasonSummary{}
	for _, i := range p.Statements {
		r := types.ReasonSummary{StatementIndex: new(int32(i)), Description: new(fmt.Sprintf("%s with index: %d.", text, i))}
		if sid := d.Statements[i].SID; sid != "" {
			r.StatementId, r.Description = &sid, new(fmt.Sprintf("%s with sid: %s.", text, sid))
		}
		out = append(out, r)
	}
	return out
}
