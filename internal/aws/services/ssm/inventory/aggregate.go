package inventory

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// column is an attribute that nodes are counted by.
type column struct{ kind, attribute string }

// readExpression reads AWS:InstanceInformation.PlatformType.
func readExpression(text *string) (column, error) {
	if text != nil {
		if dot := strings.LastIndexByte(*text, '.'); dot > 0 && dot+1 < len(*text) {
			c := column{(*text)[:dot], (*text)[dot+1:]}
			k, ours := kinds[c.kind]
			if (ours && slices.Contains(k.Aggregator, c.attribute)) || strings.HasPrefix(c.kind, custom) {
				return c, nil
			}
		}
	}
	return column{}, &types.InvalidAggregatorException{Message: new("The specified aggregator isn't valid for the inventory type. GetInventorySchema with Aggregator shows those that are.")}
}

// aggregate counts the nodes that are left by what aggregators name.
func (f *fleet) aggregate(machines []Machine, given []types.InventoryAggregator) ([]types.InventoryResultEntity, error) {
	var out []types.InventoryResultEntity
	for _, a := range given {
		if len(a.Groups) > 0 {
			e, err := f.groups(machines, a.Groups)
			if err != nil {
				return nil, err
			}
			out = append(out, e)
			continue
		}
		columns, err := columnsOf(a)
		if err != nil {
			return nil, err
		}
		for _, path := range columns {
			e, err := f.count(machines, path)
			if err != nil {
				return nil, err
			}
			out = append(out, e)
		}
	}
	return out, nil
}

// columnsOf are the ways from an aggregator down to its leaves.
func columnsOf(a types.InventoryAggregator) ([][]column, error) {
	own, err := readExpression(a.Expression)
	if err != nil {
		return nil, err
	}
	if len(a.Aggregators) == 0 {
		return [][]column{{own}}, nil
	}
	var out [][]column
	for _, nested := range a.Aggregators {
		below, err := columnsOf(nested)
		if err != nil {
			return nil, err
		}
		for _, path := range below {
			out = append(out, append([]column{own}, path...))
		}
	}
	return out, nil
}

// count counts nodes by the values under a path of columns. A node counts once
// for each value it has.
func (f *fleet) count(machines []Machine, path []column) (types.InventoryResultEntity, error) {
	counts := map[string]int{}
	rows := map[string]map[string]string{}
	for _, m := range machines {
		combos := []map[string]string{{}}
		for _, c := range path {
			i, err := f.of(m, c.kind)
			if err != nil {
				return types.InventoryResultEntity{}, err
			}
			combos = cross(combos, c.attribute, i)
		}
		for _, row := range distinct(combos) {
			counts[line(row)]++
			rows[line(row)] = row
		}
	}
	var content []map[string]string
	for _, key := range slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(counts[b]-counts[a], strings.Compare(a, b))
	}) {
		row := maps.Clone(rows[key])
		row["Count"] = strconv.Itoa(counts[key])
		content = append(content, row)
	}
	return result(path[0].kind, content), nil
}

// cross adds to each row every value that an item has of an attribute; without
// one, nothing is left.
func cross(rows []map[string]string, attribute string, i *item) []map[string]string {
	if i == nil {
		return nil
	}
	values := map[string]bool{}
	for _, e := range i.Entries {
		if v, ok := e[attribute]; ok {
			values[v] = true
		}
	}
	var out []map[string]string
	for _, row := range rows {
		for _, v := range slices.Sorted(maps.Keys(values)) {
			next := maps.Clone(row)
			next[attribute] = v
			out = append(out, next)
		}
	}
	return out
}

func distinct(rows []map[string]string) []map[string]string {
	seen := map[string]bool{}
	return slices.DeleteFunc(rows, func(r map[string]string) bool {
		was := seen[line(r)]
		seen[line(r)] = true
		return was
	})
}

// groups counts the nodes that meet a group's conditions, and the others.
func (f *fleet) groups(machines []Machine, given []types.InventoryGroup) (types.InventoryResultEntity, error) {
	var content []map[string]string
	kind := instanceInformation
	for _, g := range given {
		filters, err := readFilters(g.Filters, "")
		if err == nil {
			err = checkKinds(f.tx, f.scope, filters)
		}
		if err != nil {
			return types.InventoryResultEntity{}, &types.InvalidInventoryGroupException{Message: new("The specified inventory group isn't valid: " + *g.Name + ".")}
		}
		kind = filters[0].kind
		fitting := 0
		for _, m := range machines {
			ok, err := f.matches(m, filters)
			if err != nil {
				return types.InventoryResultEntity{}, err
			}
			if ok {
				fitting++
			}
		}
		content = append(content, map[string]string{
			"groupName": *g.Name, "matchingCount": strconv.Itoa(fitting), "notMatchingCount": strconv.Itoa(len(machines) - fitting),
		})
	}
	return result(kind, content), nil
}

func result(kind string, content []map[string]string) types.InventoryResultEntity {
	version := cmp.Or(kinds[kind].Version, "1.0")
	return types.InventoryResultEntity{Data: map[string]types.InventoryResultItem{
		kind: {TypeName: &kind, SchemaVersion: &version, Content: content},
	}}
}
