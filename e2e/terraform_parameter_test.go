package e2e

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

func (tf *terraform) ssm() *ssm.Client { return ssm.NewFromConfig(tf.config) }

// parameter is an aws_ssm_parameter.
func (tf *terraform) parameter(in ssm.PutParameterInput, second string) *resource {
	name := in.Name
	in.Overwrite, in.DataType = new(false), new("text")
	in.Tags = []types.Tag{{Key: new("Team"), Value: new("desk")}}
	want := attributes{
		"arn": "arn:aws:ssm:" + tf.config.Region + ":" + tf.account + ":parameter" + *name, "name": *name, "type": in.Type,
		"value": *in.Value, "version": int64(1), "data_type": "text", "tier": in.Tier, "description": aws.ToString(in.Description),
		"key_id": "", "allowed_pattern": aws.ToString(in.AllowedPattern), "tags": tags{"Team": "desk"},
	}
	return &resource{
		name: "aws_ssm_parameter." + *name,
		create: func() {
			if in.Type == types.ParameterTypeSecureString {
				in.KeyId, want["key_id"] = tf.keyID, *tf.keyID
			}
			_, err := tf.ssm().PutParameter(tf.Context(), &in)
			tf.done("PutParameter", err)
		},
		read: func() attributes { return tf.readParameter(name) },
		update: func() {
			in.Value, in.Overwrite, in.Tags = &second, new(true), nil
			_, err := tf.ssm().PutParameter(tf.Context(), &in)
			tf.done("PutParameter with Overwrite", err)
			_, err = tf.ssm().AddTagsToResource(tf.Context(), &ssm.AddTagsToResourceInput{
				ResourceType: types.ResourceTypeForTaggingParameter, ResourceId: name, Tags: []types.Tag{{Key: new("Env"), Value: new("")}},
			})
			tf.done("AddTagsToResource", err)
		},
		destroy: func() {
			tf.readParameter(name)
			_, err := tf.ssm().DeleteParameter(tf.Context(), &ssm.DeleteParameterInput{Name: name})
			tf.done("DeleteParameter", err)
			_, err = tf.ssm().GetParameter(tf.Context(), &ssm.GetParameterInput{Name: name, WithDecryption: new(true)})
			tf.gone("GetParameter", "ParameterNotFound", err)
			_, err = tf.ssm().DeleteParameter(tf.Context(), &ssm.DeleteParameterInput{Name: name})
			tf.gone("DeleteParameter again", "ParameterNotFound", err)
		},
		want:    want,
		changed: attributes{"value": second, "version": int64(2), "tags": tags{"Team": "desk", "Env": ""}},
	}
}

func (tf *terraform) readParameter(name *string) attributes {
	tf.Helper()
	got, err := tf.ssm().GetParameter(tf.Context(), &ssm.GetParameterInput{Name: name, WithDecryption: new(true)})
	tf.done("GetParameter", err)
	about, err := tf.ssm().DescribeParameters(tf.Context(), &ssm.DescribeParametersInput{
		ParameterFilters: []types.ParameterStringFilter{{Key: new("Name"), Option: new("Equals"), Values: []string{*name}}},
	})
	tf.done("DescribeParameters", err)
	if len(about.Parameters) != 1 {
		tf.Fatalf("DescribeParameters by name %s finds %d", *name, len(about.Parameters))
	}
	p, d := got.Parameter, about.Parameters[0]
	return attributes{
		"arn": aws.ToString(p.ARN), "name": aws.ToString(p.Name), "type": p.Type, "value": aws.ToString(p.Value),
		"version": p.Version, "data_type": aws.ToString(p.DataType), "tier": d.Tier, "description": aws.ToString(d.Description),
		"key_id": aws.ToString(d.KeyId), "allowed_pattern": aws.ToString(d.AllowedPattern),
		"tags": tf.ssmTags(types.ResourceTypeForTaggingParameter, name),
	}
}

func (tf *terraform) ssmTags(kind types.ResourceTypeForTagging, id *string) tags {
	tf.Helper()
	list, err := tf.ssm().ListTagsForResource(tf.Context(), &ssm.ListTagsForResourceInput{ResourceType: kind, ResourceId: id})
	tf.done("ListTagsForResource", err)
	return ssmTags(list.TagList)
}

func ssmTags(list []types.Tag) tags {
	all := tags{}
	for _, t := range list {
		all[*t.Key] = aws.ToString(t.Value)
	}
	return all
}

// parametersByPath is the data source of that name.
func (tf *terraform) parametersByPath(path string, names, values, second []string) *resource {
	nothing := func() {} // it is only read
	return &resource{
		name: "data.aws_ssm_parameters_by_path." + path, create: nothing, update: nothing, destroy: nothing,
		read: func() attributes {
			var names, values []string
			pages := ssm.NewGetParametersByPathPaginator(tf.ssm(), &ssm.GetParametersByPathInput{
				Path: &path, Recursive: new(true), WithDecryption: new(true), MaxResults: aws.Int32(1),
			})
			for pages.HasMorePages() {
				page, err := pages.NextPage(tf.Context())
				tf.done("GetParametersByPath", err)
				for _, p := range page.Parameters {
					names, values = append(names, *p.Name), append(values, *p.Value)
				}
			}
			return attributes{"names": slices.Sorted(slices.Values(names)), "values": values}
		},
		want: attributes{"names": names, "values": values}, changed: attributes{"values": second},
	}
}
