package s3

import (
	"context"
	"errors"
	"strconv"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// check is one action on a bucket or, with a key, on an object. The bucket's
// policy and owner decide with the caller's own policies.
func check(call *api.Call, name string, b *bucket, action string, key *string) api.Check {
	c := api.Check{Action: "s3:" + action, Resource: "arn:aws:s3:::" + name}
	if key != nil {
		c.Resource += "/" + *key
	}
	if b == nil {
		return c // the owner is nobody; the operation answers NoSuchBucket
	}
	c.Owner, c.Policy = b.Owner, b.policyFor(call)
	if key == nil {
		c.Tags = b.Tags
	}
	return c
}

// policyFor is the bucket's policy as it stands for a caller: a public policy
// of a bucket with RestrictPublicBuckets holds for the owner's account and for
// services only. Source: Amazon S3 User Guide, "Blocking public access to your
// Amazon S3 storage".
func (b *bucket) policyFor(call *api.Call) string {
	restricted := b.Public && b.Block != nil && b.Block.Restrict
	if restricted && call.Caller.Account != b.Owner && call.Caller.Type != api.AWSService {
		return ""
	}
	return b.Policy
}

// asked is the bucket that a call is about, nil if there is none.
func (s *Service) asked(ctx context.Context, name string) (*bucket, error) {
	b, err := s.find(ctx, name)
	if err == nil && b == nil {
		err = told(api.CallFrom(ctx), name)
	}
	return b, err
}

// told says to callers whom nobody knows that a bucket is not there, as S3 does:
// no policy could speak of them. The others may have to do with it.
func told(call *api.Call, name string) error {
	if call.Caller.Account == "" {
		return noSuchBucket(name)
	}
	return nil
}

// onBucket makes the checks of an operation on a bucket.
func (s *Service) onBucket(ctx context.Context, name *string, action string) ([]api.Check, error) {
	b, err := s.asked(ctx, *name)
	if err != nil {
		return nil, err
	}
	return []api.Check{check(api.CallFrom(ctx), *name, b, action, nil)}, nil
}

// onList makes the checks of a list, with the keys that policies about
// "folders" use.
func (s *Service) onList(ctx context.Context, name *string, action string, prefix, delimiter *string, limit *int32) ([]api.Check, error) {
	checks, err := s.onBucket(ctx, name, action)
	if err != nil {
		return nil, err
	}
	keys := map[string]string{}
	if prefix != nil {
		keys["s3:prefix"] = *prefix
	}
	if delimiter != nil {
		keys["s3:delimiter"] = *delimiter
	}
	if limit != nil {
		keys["s3:max-keys"] = strconv.Itoa(int(*limit))
	}
	checks[0].Keys = keys
	return checks, nil
}

// onObject makes the checks of an operation on an object.
func (s *Service) onObject(ctx context.Context, name, key *string, actions ...string) ([]api.Check, error) {
	b, err := s.asked(ctx, *name)
	if err != nil {
		return nil, err
	}
	var out []api.Check
	for _, action := range actions {
		out = append(out, check(api.CallFrom(ctx), *name, b, action, key))
	}
	return out, nil
}

// onVersion makes the checks of an operation that reads an object. Where it is
// not there, only who may list the bucket may learn so.
// Source: Amazon S3 API Reference, "GetObject", Permissions.
func (s *Service) onVersion(ctx context.Context, name, key, version *string) ([]api.Check, error) {
	call, action := api.CallFrom(ctx), "GetObject"
	if version != nil {
		action += "Version"
	}
	var c, list api.Check
	var missing bool
	err := s.store.View(ctx, func(tx *store.Tx) error {
		b, err := findBucket(tx, *name)
		if err != nil {
			return err
		}
		c, list = check(call, *name, b, action, key), check(call, *name, b, "ListBucket", nil)
		if b == nil {
			return told(call, *name)
		}
		o, err := findObject(tx, b, *key, version)
		missing = errors.Is(err, store.ErrNotFound)
		if err != nil && !missing {
			return err
		}
		if o != nil {
			c.Tags, c.Keys = o.Tags, o.tagKeys()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if version != nil {
		setKey(&c, "s3:VersionId", *version)
	}
	if missing && version == nil {
		return []api.Check{c, list}, nil
	}
	return []api.Check{c}, nil
}

func setKey(c *api.Check, key, value string) {
	if c.Keys == nil {
		c.Keys = make(map[string]string)
	}
	c.Keys[key] = value
}

// Exists tells services whether a bucket is there, which their rights do not.
func (s *Service) Exists(ctx context.Context, name string) (bool, error) {
	b, err := s.find(ctx, name)
	return b != nil, err
}

func (s *Service) find(ctx context.Context, name string) (b *bucket, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		b, err = findBucket(tx, name)
		return err
	})
	return b, err
}
