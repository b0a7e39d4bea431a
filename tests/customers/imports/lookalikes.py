"""Files that look like Partner Center's: where no sample may be copied, and with what samples don't have."""

from __future__ import annotations

import json
from typing import Any

TENANT = "7d2b1c90-5a44-4e0f-9c1e-2f6a8b3d4e51"
SUBSCRIPTION = "f1a7c0de-1111-4a2b-8c3d-9e8f7a6b5c4d"

INSIGHTS_HEADERS = {
    "office_usage": (
        "PGAPartnerID,CustomerTenantId,CustomerTpid,WorkloadName,Month,PaidAvailableUnits,MonthlyActiveUsers,CustomerName,CustomerMarket,"
        "CustomerSegment,IndustryName,VerticalName,EOU,PartnerID,PartnerName,PartnerLocation,PartnerAttributionType,IsDuplicateRowForPGA"
    ),
    "cpor_m365_usage": (
        "CustomerTenantId,CustomerName,WorkloadName,MonthlyActiveUsers,PaidAvailableUnits,ClaimId,MpnId,DateAssociated,"
        "PartnerAttributionType,Date"
    ),
    "dynamics_usage": (
        "PGAMpnID,SubscriptionId,SubscriptionStartDate,SubscriptionEndDate,SubscriptionStatus,Month,RevSumDivisionName,RevSumCategoryName,"
        "SKU,SKUId,FreeVsPaidSKU,SalesModel,DetailedSalesModel,CustomerName,CustomerTenantId,CustomerTpid,CustomerSegment,CustomerMarket,"
        "IndustryName,VerticalName,EOU,MPNID,PartnerName,PartnerLocation,PartnerAttachType,AvailableSeats,AssignedSeats,ActiveSeats,"
        "DeploymentOpportunity,ActiveUsagePercent"
    ),
    "powerbi_usage": (
        "PGAMpnID,SubscriptionId,SubscriptionStartDate,SubscriptionEndDate,SubscriptionStatus,Month,SKU,SKUId,FreeVsPaidSKU,SalesModel,"
        "DetailedSalesModel,CustomerName,CustomerTenantId,CustomerTpid,CustomerSegment,CustomerMarket,IndustryName,VerticalName,EOU,MPNId,"
        "PartnerName,PartnerLocation,PartnerAttachType,PartnerHierarchy,AvailableSeats,AssignedSeats,ActiveSeats,DeploymentOpportunity,"
        "ActiveUsagePercent"
    ),
    "ems_usage": (
        "PGAMpnID,SubscriptionId,SubscriptionStartDate,SubscriptionEndDate,SubscriptionStatus,Month,SKU,SKUId,FreeVsPaidSKU,SalesModel,"
        "DetailedSalesModel,CustomerName,CustomerTenantId,CustomerTpid,CustomerSegment,CustomerMarket,IndustryName,VerticalName,EOU,MPNID,"
        "PartnerName,PartnerLocation,PartnerAttributionType,PartnerHierarchy,PaidAvailableUnits,MonthlyActiveUsers,AATPActiveUsage,"
        "MCASActiveUsage,AADPPaidAvailableUnits,IntunePaidAvailableUnits,AzipPaidAvailableUnits,AADPMonthlyActiveUsers,"
        "IntuneMonthlyActiveUsers,AzipMonthlyActiveUsers,MDM,MAM,SSPR"
    ),
    "reseller_performance": (
        "PGAMpnID,ResellerMpnID,ResellerName,ResellerMarket,IndirectProviderMpnID,IndirectProviderName,Month,Product,SubscriptionID,"
        "AvailableSeats,AssignedSeats,BilledRevenueUSD,CustomerName,CustomerTPid,CustomerSegment,CustomerMarket,ResellerStatus,IndustryName,"
        "VerticalName,EOU"
    ),
    "subscription_details": (
        "PGAMpnID,SubscriptionId,SubscriptionStartDate,SubscriptionEndDate,SubscriptionState,Month,IsAutoRenew,CustomerName,CustomerTenantId,"
        "CustomerTpid,DUNSNumber,CustomerSegment,TopSegment,CustomerMarket,ReportingProductName,Product,RawProductName,ProductPartNumber,SKU,"
        "RevSumDivisionName,SolutionArea,MPNID,PartnerName,PartnerLocation,PartnerAttributionType,SalesChannel,IndustryName,VerticalName,EOU,"
        "PricingLevel,EnrollmentNumber,IsDuplicateRowForPGA,SubscriptionStartMonth,ResellerID,ResellerName,AvailableSeatsEOP,AvailableSeats,"
        "BilledRevenueUSD,AzureConsumedRevenueUSD,CPORRevenue,CPORPaidSeats,CPORActiveUsers"
    ),
    "customers_and_tenants": (
        "PGAMpnID,CustomerName,CustomerTenantId,CustomerTpid,DUNSNumber,CustomerSegment,TopSegment,CustomerMarket,CustomerStatus,"
        "CustomerTenantName,CustomerTenantCountry,TenantDomainName,Product,RawProductName,SKU,Month,MPNId,PartnerName,PartnerLocation,"
        "PartnerAttributionType,SalesChannel,IndustryName,VerticalName,EOU,IsDuplicateRowForPGA,AvailableSeats,BilledRevenueUSD,"
        "AzureConsumedRevenueUSD,CPORRevenue,CPORPaidSeats,CPORActiveUsers"
    ),
    "teams_monthly": (
        "PGAMpnID,CustomerId,CustomerTenantId,CustomerName,CustomerCountryCode,CustomerCountry,CustomerSegment,MonthKey,SubWorkload,DesktopUsers,"
        "WebUsers,MobileUsers,AllUpParticipants,IndustryName,VerticalName,EOU"
    ),
    "bizapps_usage": (
        "FiscalMonthName,GlobalPartnerID,PartnerName,PartnerAssociationType,CustomerID,CustomerName,CustomerTenantID,CustomerTenantName,"
        "SubscriptionID,SubscriptionStartDate,MetricType,WorkloadCategory,Workload,SkuGroup,PAMAU,MAC,MAU"
    ),
}


def collection(*items: dict[str, Any]) -> str:
    """Items in the older envelope."""
    return json.dumps({"totalCount": len(items), "items": items, "attributes": {"objectType": "Collection"}}, indent=1)


def subscription(**changes: Any) -> dict[str, Any]:
    """A subscription of the newer commerce, in its eighth month."""
    return {
        "id": SUBSCRIPTION,
        "offerId": "CFQ7TTC0LCHC:0002:CFQ7TTC0K7Q8",
        "offerName": "Office 365 E5",
        "friendlyName": "E5 for the office",
        "productType": {"id": "OnlineServicesNCE", "displayName": "OnlineServicesNCE"},
        "quantity": 15,
        "unitType": "Licenses",
        "creationDate": "2023-10-02T09:12:13.1234567Z",
        "effectiveStartDate": "2023-10-01T22:30:00-02:00",
        "commitmentEndDate": "2024-10-01T00:00:00Z",
        "cancellationAllowedUntilDate": "2023-10-09T00:00:00Z",
        "status": "active",
        "autoRenewEnabled": True,
        "isTrial": False,
        "billingType": "license",
        "billingCycle": "annual",
        "links": {"self": {"uri": f"/customers/{TENANT}/subscriptions/{SUBSCRIPTION}", "method": "GET", "headers": []}},
        "attributes": {"objectType": "Subscription"},
        **changes,
    }


def customer(**changes: Any) -> dict[str, Any]:
    """A customer as a list has it: without a country."""
    return {
        "id": TENANT,
        "companyProfile": {"tenantId": TENANT, "domain": "northwind.example", "companyName": "Northwind Traders"},
        "relationshipToPartner": "reseller",
        "attributes": {"objectType": "Customer"},
        **changes,
    }


def licence(**changes: Any) -> dict[str, Any]:
    """A licence of somebody, with the person beside it."""
    return {
        "userId": "dana@northwind.example",
        "customerId": TENANT,
        "servicePlans": [],
        "productSku": {"id": "c7df2760-2c81-4ef7-b578-5b5392b571df", "skuPartNumber": "ENTERPRISEPREMIUM"},
        "attributes": {"objectType": "License"},
        **changes,
    }


def analytics_subscription(**changes: Any) -> dict[str, Any]:
    """A subscription as analytics have it."""
    return {
        "customerTenantId": TENANT.upper(),
        "customerName": "NORTHWIND",
        "id": SUBSCRIPTION.upper(),
        "status": "SUSPENDED",
        "productName": "OFFICE 365 E5",
        "subscriptionType": "Office",
        "autoRenewEnabled": False,
        "effectiveStartDate": "2023-02-04T00:00:00",
        "commitmentEndDate": "0001-01-01T00:00:00",
        "trialToPaidConversionDate": None,
        "trialStartDate": "2023-02-04T00:00:00",
        "licenseCount": "25",
        **changes,
    }


def insights(name: str, *rows: dict[str, str]) -> str:
    """A dataset as downloaded, with these rows; columns that aren't said are empty."""
    header = INSIGHTS_HEADERS[name]
    lines = [",".join(row.get(column, "") for column in header.split(",")) for row in rows]
    return "\ufeff" + "\r\n".join([header, *lines]) + "\r\n"


CATALOGUE = (
    "Product_Display_Name,String_Id,GUID,Service_Plan_Name,Service_Plan_Id,Service_Plans_Included_Friendly_Names\n"
    "Fancy Suite,FANCY\u00a0,c7df2760-2c81-4ef7-b578-5b5392b571df\u00a0,FANCY_MAIL,113feb6c-3fe4-4440-bddc-54d774bf0318,Mail\n"
)
