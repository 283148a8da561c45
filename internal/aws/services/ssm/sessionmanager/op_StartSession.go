package sessionmanager

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// StartSession begins a session on a node and returns the token with which a
// client joins it. The order to the node leaves after the record is durable;
// one that the node does not take ends the session.
func (s *Service) StartSession(ctx context.Context, in *ssm.StartSessionInput) (*ssm.StartSessionOutput, error) {
	call := api.CallFrom(ctx)
	var one *session
	id := s.newID(&call.Caller)
	user, err := s.runAs(ctx, &call.Caller)
	if err != nil {
		return nil, err
	}
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		n, ok, err := s.ports.Nodes.Resolve(tx, store.In(call.Place()), *in.Target)
		if err != nil {
			return err
		}
		if !ok || !s.ports.Channels.Connected(n.ID) {
			return &types.TargetNotConnected{Message: text(*in.Target + " is not connected.")}
		}
		doc, err := s.read(tx, store.In(call.Place()), named(in))
		if err != nil {
			return err
		}
		if err := doc.check(in.Parameters); err != nil {
			return err
		}
		one = &session{
			ID: id, Target: *in.Target, Node: n.ID, Owner: call.Caller.ARN, OwnerID: call.Caller.UserID, Document: doc.Name,
			Status: connecting, Started: call.Time,
			IdleMinutes: minutes(doc.Inputs.IdleMinutes, 1, 60, 20), MaxMinutes: minutes(doc.Inputs.LongestMinute, 1, 1440, 0),
		}
		if in.Reason != nil {
			one.Reason = *in.Reason
		}
		if one.Content, err = doc.order(one, in.Parameters, user); err != nil {
			return err
		}
		return sessions.Put(tx, store.In(call.Place()), one)
	})
	if err != nil {
		return nil, err
	}
	token := s.ports.Channels.ClientToken(id)
	if err := s.ports.Channels.OpenSession(ctx, one.Node, nodes.Shell{Session: id, Content: one.Content}); err != nil {
		// The upkeep of the room, which follows the commit, ends it.
		return nil, &types.TargetNotConnected{Message: text(*in.Target + " is not connected.")}
	}
	return &ssm.StartSessionOutput{SessionId: &id, TokenValue: &token, StreamUrl: text(streamURL(call, id))}, nil
}

func named(in *ssm.StartSessionInput) string {
	if in.DocumentName == nil {
		return ""
	}
	return *in.DocumentName
}

// runAsTag names the operating system's user of a caller's sessions. Source:
// Systems Manager User Guide, "Turn on Run As support for Linux and macOS
// managed nodes".
const runAsTag = "SSMSessionRunAs"

// runAs is the user that a caller's tag names, if it has one: a session's own
// tag goes before that of the user or role behind it, as in aws:PrincipalTag.
func (s *Service) runAs(ctx context.Context, c *api.Caller) (string, error) {
	if c.Session != nil && c.Session.Tags[runAsTag] != "" {
		return c.Session.Tags[runAsTag], nil
	}
	tags, err := s.ports.People.CallerTags(ctx, c)
	if err != nil {
		return "", fmt.Errorf("read the tags of %s: %w", c.ARN, err)
	}
	return tags[runAsTag], nil
}

// order is what a node is sent. Source: the SSM Agent's wire (nodes.md 5.4).
func (d *document) order(s *session, given map[string][]string, user string) (json.RawMessage, error) {
	if user == "" {
		user = d.Inputs.RunAsUser
	}
	content := map[string]any{
		"schemaVersion": "1.0", "description": d.Description, "sessionType": d.SessionType,
		"inputs": map[string]any{
			"s3BucketName": d.Inputs.Bucket, "s3KeyPrefix": d.Inputs.Prefix, "s3EncryptionEnabled": d.Inputs.BucketSealed,
			"cloudWatchLogGroupName": d.Inputs.Group, "cloudWatchEncryptionEnabled": d.Inputs.GroupSealed,
			"cloudWatchStreamingEnabled": d.Inputs.Streaming, "kmsKeyId": d.Inputs.Key,
			"runAsEnabled": d.Inputs.RunAs, "runAsDefaultUser": user, "shellProfile": d.Inputs.Profile,
		},
		"parameters": d.Parameters,
	}
	if d.Properties != nil {
		content["properties"] = d.Properties
	}
	b, err := json.Marshal(map[string]any{
		"DocumentName": d.Name, "DocumentContent": content, "SessionId": s.ID, "Parameters": d.Parameters.Values(given),
		"RunAsUser": user, "SessionOwner": s.Owner,
	})
	if err != nil {
		return nil, fmt.Errorf("write the order of session %s: %w", s.ID, err)
	}
	return b, nil
}

// streamURL is where a client finds the session's data channel: at the host
// that it called, under the name of the message gateway where hosts have names
// of services.
func streamURL(call *api.Call, id string) string {
	scheme, host := "ws", call.Host
	if call.Secure {
		scheme = "wss"
	}
	if rest, ok := strings.CutPrefix(host, "ssm."); ok {
		host = "ssmmessages." + rest
	}
	return scheme + "://" + host + "/v1/data-channel/" + id + "?role=publish_subscribe"
}

// accessCheck is the condition by which a policy wants the document to be
// allowed too. Source: Systems Manager User Guide, "Enforce a session document
// permission check when starting a session".
const accessCheck = "ssm:SessionDocumentAccessCheck"

// startSessionChecks asks for the node, and for the document where the caller
// names one. Without one the node suffices, unless the caller's policies want
// the check of the document, which then must pass for the preferences.
func (s *Service) startSessionChecks(ctx context.Context, in *ssm.StartSessionInput) ([]api.Check, error) {
	onNode, err := s.onNode(ctx, "ssm:StartSession", *in.Target)
	if err != nil {
		return nil, err
	}
	name := named(in)
	if name == "" {
		name = preferences
	}
	checks, err := s.ports.Documents.Check(ctx, "ssm:StartSession", name)
	if err != nil {
		return nil, err
	}
	checks = append([]api.Check{onNode}, checks...)
	for i := range checks {
		checks[i].Keys = map[string]string{accessCheck: "true"}
	}
	if in.DocumentName == nil {
		onNode.Keys, onNode.Else = map[string]string{accessCheck: "false"}, checks
		return []api.Check{onNode}, nil
	}
	return checks, nil
}
