package e2e

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
)

func (tf *terraform) kms() *kms.Client { return kms.NewFromConfig(tf.config) }

// key is an aws_kms_key with a policy and with rotation. The id is only known
// after the creation.
func (tf *terraform) key() *resource {
	policy := `{"Version":"2012-10-17","Statement":[{"Sid":"Owner","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` +
		tf.account + `:root"},"Action":"kms:*","Resource":"*"}]}`
	var id *string
	read := func() attributes { return tf.readKey(id, policy) }
	return &resource{
		name: "aws_kms_key.office",
		create: func() {
			out, err := tf.kms().CreateKey(tf.Context(), &kms.CreateKeyInput{
				Description: new("office"), KeyUsage: types.KeyUsageTypeEncryptDecrypt, KeySpec: types.KeySpecSymmetricDefault,
				Policy: &policy, Tags: []types.Tag{{TagKey: new("Team"), TagValue: new("desk")}},
			})
			tf.done("CreateKey", err)
			id, tf.keyID = out.KeyMetadata.KeyId, out.KeyMetadata.KeyId
			_, err = tf.kms().EnableKeyRotation(tf.Context(), &kms.EnableKeyRotationInput{KeyId: id})
			tf.done("EnableKeyRotation", err)
			tf.steady("GetKeyRotationStatus", func() bool { return read()["enable_key_rotation"] == true })
			tf.steady("ListResourceTags", func() bool { return len(read()["tags"].(tags)) == 1 })
		},
		read: read,
		update: func() {
			_, err := tf.kms().UpdateKeyDescription(tf.Context(), &kms.UpdateKeyDescriptionInput{KeyId: id, Description: new("desk")})
			tf.done("UpdateKeyDescription", err)
			tf.steady("DescribeKey", func() bool { return read()["description"] == "desk" })
			_, err = tf.kms().TagResource(tf.Context(), &kms.TagResourceInput{KeyId: id, Tags: []types.Tag{{TagKey: new("Env"), TagValue: new("test")}}})
			tf.done("TagResource", err)
			tf.steady("ListResourceTags", func() bool { return len(read()["tags"].(tags)) == 2 })
		},
		destroy: func() { tf.destroyKey(id, policy) },
		want: attributes{
			"description": "office", "key_usage": types.KeyUsageTypeEncryptDecrypt, "is_enabled": true, "policy": policy,
			"customer_master_key_spec": types.KeySpecSymmetricDefault, "multi_region": false,
			"enable_key_rotation": true, "rotation_period": int32(365), "tags": tags{"Team": "desk"},
		},
		changed: attributes{"description": "desk", "tags": tags{"Team": "desk", "Env": "test"}},
	}
}

func (tf *terraform) readKey(id *string, policy string) attributes {
	tf.Helper()
	d, err := tf.kms().DescribeKey(tf.Context(), &kms.DescribeKeyInput{KeyId: id})
	tf.done("DescribeKey", err)
	p, err := tf.kms().GetKeyPolicy(tf.Context(), &kms.GetKeyPolicyInput{KeyId: id, PolicyName: new("default")})
	tf.done("GetKeyPolicy", err)
	r, err := tf.kms().GetKeyRotationStatus(tf.Context(), &kms.GetKeyRotationStatusInput{KeyId: id})
	tf.done("GetKeyRotationStatus", err)
	l, err := tf.kms().ListResourceTags(tf.Context(), &kms.ListResourceTagsInput{KeyId: id})
	tf.done("ListResourceTags", err)
	all := tags{}
	for _, t := range l.Tags {
		all[*t.TagKey] = *t.TagValue
	}
	m := d.KeyMetadata
	return attributes{
		"description": aws.ToString(m.Description), "key_usage": m.KeyUsage, "is_enabled": m.Enabled, "policy": alike(policy, aws.ToString(p.Policy)),
		"customer_master_key_spec": m.KeySpec, "multi_region": aws.ToBool(m.MultiRegion),
		"enable_key_rotation": r.KeyRotationEnabled, "rotation_period": aws.ToInt32(r.RotationPeriodInDays), "tags": all,
	}
}

func (tf *terraform) destroyKey(id *string, policy string) {
	tf.readKey(id, policy)
	_, err := tf.kms().ScheduleKeyDeletion(tf.Context(), &kms.ScheduleKeyDeletionInput{KeyId: id, PendingWindowInDays: aws.Int32(7)})
	tf.done("ScheduleKeyDeletion", err)
	tf.wait("DescribeKey until PendingDeletion", 20*time.Minute, func() bool {
		d, err := tf.kms().DescribeKey(tf.Context(), &kms.DescribeKeyInput{KeyId: id})
		tf.done("DescribeKey", err)
		return d.KeyMetadata.KeyState == types.KeyStatePendingDeletion
	})
	_, err = tf.kms().ScheduleKeyDeletion(tf.Context(), &kms.ScheduleKeyDeletionInput{KeyId: id})
	tf.gone("ScheduleKeyDeletion again", "KMSInvalidStateException", err)
	_, err = tf.kms().DescribeKey(tf.Context(), &kms.DescribeKeyInput{KeyId: new("00000000-0000-0000-0000-000000000000")})
	tf.gone("DescribeKey of none", "NotFoundException", err)
}
