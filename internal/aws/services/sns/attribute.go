package sns

import (
	"maps"
	"strconv"
	"strings"
)

// set changes an attribute of a topic.
func (t *topic) set(name, value string) error {
	switch name {
	case attributeDisplay:
		if len(value) > 100 || strings.ContainsAny(value, "\r\n<>\"") {
			return invalid("Attributes Reason: DisplayName")
		}
	case attributePolicy:
		if err := checkPolicy(value); err != nil {
			return err
		}
	case attributeDelivery:
		if _, err := readDelivery(value); err != nil {
			return invalid("DeliveryPolicy: %s", err)
		}
	case attributeSignature:
		if value != "1" && value != "2" {
			return invalid("Attributes Reason: SignatureVersion must be 1 or 2")
		}
	case attributeTracing:
		if value != "PassThrough" {
			return invalid("Attributes Reason: there is no X-Ray here, so TracingConfig can be PassThrough only")
		}
	case "FifoTopic", "ContentBasedDeduplication", "ArchivePolicy", "FifoThroughputScope":
		return invalid("Attributes Reason: FIFO topics are not available here")
	case "KmsMasterKeyId":
		if value == "" {
			return nil // none, as it is
		}
		return invalid("Attributes Reason: topics are not encrypted with keys here")
	default:
		return invalid("AttributeName")
	}
	if t.Attributes == nil {
		t.Attributes = map[string]string{}
	}
	t.Attributes[name] = value
	return nil
}

// shown are the attributes of a topic as AWS shows them.
func (t *topic) shown(confirmed, pending int) map[string]string {
	out := map[string]string{
		"TopicArn": t.arn(), "Owner": t.Account, "Policy": t.policy(), "DisplayName": t.Attributes[attributeDisplay],
		"SubscriptionsConfirmed": strconv.Itoa(confirmed), "SubscriptionsPending": strconv.Itoa(pending), "SubscriptionsDeleted": strconv.Itoa(t.Deleted),
		"EffectiveDeliveryPolicy": effective(t, nil),
	}
	for _, name := range []string{attributeDelivery, attributeSignature, attributeTracing} {
		if v := t.Attributes[name]; v != "" {
			out[name] = v
		}
	}
	return out
}

// set changes an attribute of a subscription.
func (s *subscription) set(name, value string) error {
	switch name {
	case attributeDelivery:
		if _, err := readDelivery(value); err != nil {
			return invalid("DeliveryPolicy: %s", err)
		}
	case attributeFilter:
		if err := checkFilter(value); err != nil {
			return err
		}
	case attributeScope:
		if value != "MessageAttributes" && value != scopeBody {
			return invalid("FilterPolicyScope: Invalid value [%s]. Please use either MessageBody or MessageAttributes", value)
		}
	case attributeRaw:
		if value != "true" && value != "false" {
			return invalid("RawMessageDelivery: Invalid value [%s]. Must be true or false.", value)
		}
		if value == "true" && !isWeb(s.Protocol) {
			return invalid("RawMessageDelivery: Delivery protocol [%s] does not support raw message delivery.", s.Protocol)
		}
	case "RedrivePolicy":
		if value != "" {
			return invalid("RedrivePolicy: there are no queues here that could be a dead-letter queue")
		}
	default:
		return invalid("AttributeName")
	}
	if s.Attributes == nil {
		s.Attributes = map[string]string{}
	}
	s.Attributes[name] = value
	if value == "" {
		delete(s.Attributes, name)
	}
	return nil
}

// shown are the attributes of a subscription as AWS shows them.
func (s *subscription) shown(t *topic) map[string]string {
	out := map[string]string{
		"SubscriptionArn": s.arn(), "TopicArn": s.Topic, "Owner": s.Owner, "Protocol": s.Protocol, "Endpoint": s.Endpoint,
		"PendingConfirmation": strconv.FormatBool(s.State == statePending), "ConfirmationWasAuthenticated": strconv.FormatBool(s.Proved),
		"RawMessageDelivery": "false",
	}
	maps.Copy(out, s.Attributes)
	if s.Attributes[attributeFilter] != "" && out[attributeScope] == "" {
		out[attributeScope] = "MessageAttributes"
	}
	if isWeb(s.Protocol) {
		out["EffectiveDeliveryPolicy"] = effective(t, s)
	}
	return out
}
