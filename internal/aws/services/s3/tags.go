package s3

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// How many tags a resource may have.
// Source: Amazon S3 User Guide, "Categorizing your objects using tags".
const (
	maxObjectTags = 10
	maxBucketTags = 50
)

// readTags turns a list of tags into a set.
func readTags(list []types.Tag, limit int) (map[string]string, error) {
	set := make(map[string]string, len(list))
	for _, t := range list {
		key, value := aws.ToString(t.Key), aws.ToString(t.Value)
		if _, twice := set[key]; twice {
			return nil, fault(statusBadRequest, "InvalidTag", "Cannot provide multiple Tags with the same key", "TagKey", key)
		}
		set[key] = value
	}
	return set, checkTags(set, limit)
}

func checkTags(set map[string]string, limit int) error {
	if len(set) > limit {
		what := "Object tags"
		if limit == maxBucketTags {
			what = "Bucket tag count"
		}
		return fault(statusBadRequest, "BadRequest", what+" cannot be greater than "+strconv.Itoa(limit))
	}
	for _, key := range slices.Sorted(maps.Keys(set)) {
		switch {
		case key == "" || utf8.RuneCountInString(key) > 128 || !tagText(key):
			return fault(statusBadRequest, "InvalidTag", "The TagKey you have provided is invalid", "TagKey", key)
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return fault(statusBadRequest, "InvalidTag", "System tags cannot be added/updated by requester", "TagKey", key)
		case utf8.RuneCountInString(set[key]) > 256 || !tagText(set[key]):
			return fault(statusBadRequest, "InvalidTag", "The TagValue you have provided is invalid", "TagKey", key, "TagValue", set[key])
		}
	}
	return nil
}

// tagText tells whether a text holds only what tags may: letters, digits,
// spaces and + - = . _ : / @.
func tagText(s string) bool {
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r) && !unicode.IsSpace(r) && !strings.ContainsRune("+-=._:/@", r) {
			return false
		}
	}
	return utf8.ValidString(s)
}

// readTagging reads the header x-amz-tagging.
func readTagging(header *string) (map[string]string, error) {
	if header == nil || *header == "" {
		return nil, nil
	}
	values, err := url.ParseQuery(*header)
	set := make(map[string]string, len(values))
	for key, v := range values {
		if len(v) > 1 {
			err = strconv.ErrSyntax
		}
		set[key] = v[0]
	}
	if err != nil {
		return nil, invalidArgument("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
			"x-amz-tagging", *header)
	}
	return set, checkTags(set, maxObjectTags)
}

// listTags turns a set into a list, sorted by key.
func listTags(set map[string]string) []types.Tag {
	out := make([]types.Tag, 0, len(set))
	for _, key := range slices.Sorted(maps.Keys(set)) {
		out = append(out, types.Tag{Key: aws.String(key), Value: aws.String(set[key])})
	}
	return out
}
