package agent

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
)

// item is an association in this node's compliance.
type item struct {
	Id, Title, Severity, Status string
	Details                     map[string]string
}

// tellCompliance says which associations this node complies with: always the
// whole set, and only when it has changed (nodes.md 7).
func (a *agent) tellCompliance(ctx context.Context) error {
	k := a.keeper
	items := []item{}
	for _, id := range slices.Sorted(maps.Keys(k.runs)) {
		r := k.runs[id]
		if r.Manual || r.Ended.IsZero() {
			continue
		}
		status := "COMPLIANT"
		if r.Status != statusSuccess {
			status = "NON_COMPLIANT"
		}
		items = append(items, item{
			Id: id, Severity: cmp.Or(r.Severity, "UNSPECIFIED"), Status: status,
			Details: map[string]string{"DocumentName": r.Document, "DocumentVersion": r.Version},
		})
	}
	text, err := json.Marshal(items)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	hash := hex.EncodeToString(sum[:])
	if hash == k.last || (k.last == "" && len(items) == 0) {
		return nil
	}
	err = a.ask(ctx, "AmazonSSM.PutComplianceItems", map[string]any{
		"ComplianceType": "Association", "ResourceId": a.id.Node, "ResourceType": "ManagedInstance", "ItemContentHash": hash,
		"ExecutionSummary": map[string]any{"ExecutionTime": seconds1000(a.cfg.Clock.Now()), "ExecutionId": "", "ExecutionType": ""},
		"Items":            items,
	}, &struct{}{})
	if err != nil {
		// The result itself was told; compliance follows with the next one.
		a.log.Warn("compliance was not told", slog.String("node", a.id.Node), slog.Any("err", err))
		return nil
	}
	k.last = hash
	return nil
}
