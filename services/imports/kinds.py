"""All kinds of spreadsheets by the name that the command takes."""

from services.imports import company, estate, money, reading, shared, telling
from services.imports.columns import Kind

KINDS: dict[str, Kind] = {
    "communities": company.COMMUNITIES,
    "duty-phones": company.DUTY_PHONES,
    "categories": company.CATEGORIES,
    "technicians": company.TECHNICIANS,
    "staff": company.STAFF,
    "holidays": company.HOLIDAYS,
    "houses": estate.HOUSES,
    "occupants": estate.OCCUPANTS,
    "fee-rules": money.FEE_RULES,
    "meter-readings": money.METER_READINGS,
    "shared-costs": shared.SHARED_COSTS,
    "bills": money.BILLS,
    "public-accounts": money.PUBLIC_ACCOUNTS,
    "activities": telling.ACTIVITIES,
    "notices": telling.NOTICES,
    "articles": reading.ARTICLES,
    "surveys": reading.SURVEYS,
    "merchants": reading.MERCHANTS,
    "merchant-tags": reading.MERCHANT_TAGS,
}
