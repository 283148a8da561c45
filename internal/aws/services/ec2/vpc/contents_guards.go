package vpc

import "tamachi/internal/aws/api"

// guards is the part of the table of contents about what may pass.
func (s *Service) guards() []api.Operation {
	return []api.Operation{
		api.Write("AuthorizeSecurityGroupEgress", s.AuthorizeSecurityGroupEgress, s.authorizeSecurityGroupEgressChecks),
		api.Write("AuthorizeSecurityGroupIngress", s.AuthorizeSecurityGroupIngress, s.authorizeSecurityGroupIngressChecks),
		api.Write("CreateNetworkAcl", s.CreateNetworkAcl, s.createNetworkAclChecks),
		api.Write("CreateNetworkAclEntry", s.CreateNetworkAclEntry, s.createNetworkAclEntryChecks),
		api.Write("CreateSecurityGroup", s.CreateSecurityGroup, s.createSecurityGroupChecks),
		api.Write("DeleteNetworkAcl", s.DeleteNetworkAcl, s.deleteNetworkAclChecks),
		api.Write("DeleteNetworkAclEntry", s.DeleteNetworkAclEntry, s.deleteNetworkAclEntryChecks),
		api.Write("DeleteSecurityGroup", s.DeleteSecurityGroup, s.deleteSecurityGroupChecks),
		api.Read("DescribeNetworkAcls", s.DescribeNetworkAcls, s.describeNetworkAclsChecks),
		api.Read("DescribeSecurityGroupRules", s.DescribeSecurityGroupRules, s.describeSecurityGroupRulesChecks),
		api.Read("DescribeSecurityGroups", s.DescribeSecurityGroups, s.describeSecurityGroupsChecks),
		api.Read("GetSecurityGroupsForVpc", s.GetSecurityGroupsForVpc, s.getSecurityGroupsForVpcChecks),
		api.Write("ModifySecurityGroupRules", s.ModifySecurityGroupRules, s.modifySecurityGroupRulesChecks),
		api.Write("ReplaceNetworkAclAssociation", s.ReplaceNetworkAclAssociation, s.replaceNetworkAclAssociationChecks),
		api.Write("ReplaceNetworkAclEntry", s.ReplaceNetworkAclEntry, s.replaceNetworkAclEntryChecks),
		api.Write("RevokeSecurityGroupEgress", s.RevokeSecurityGroupEgress, s.revokeSecurityGroupEgressChecks),
		api.Write("RevokeSecurityGroupIngress", s.RevokeSecurityGroupIngress, s.revokeSecurityGroupIngressChecks),
		api.Write("UpdateSecurityGroupRuleDescriptionsEgress", s.UpdateSecurityGroupRuleDescriptionsEgress, s.updateSecurityGroupRuleDescriptionsEgressChecks),
		api.Write("UpdateSecurityGroupRuleDescriptionsIngress", s.UpdateSecurityGroupRuleDescriptionsIngress, s.updateSecurityGroupRuleDescriptionsIngressChecks),
	}
}
