"""How other systems call the columns we know, the most telling name first; case and punctuation do not count.

HubSpot, Salesforce (API names and labels), Pipedrive and Segment as they export, costs as Google Ads, LinkedIn and Meta
do, and what people write by hand.
"""


def _names(listed: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {field: tuple(name.strip() for name in names.split(",")) for field, names in listed.items()}


LEAD_ALIASES = _names(
    {
        "lead_id": """
            external id, record id, hs_object_id, contact id, prospect id, person id, user id,
            customer id, vid, id
        """,
        "email": """
            email address, work email, business email, contact email, lead email, person email,
            primary email, person - email - work, email (work), person - email - other, traits.email,
            context.traits.email, mail, mail address
        """,
        "name": """
            full name, contact name, lead name, person name, lead - contact person, contact person,
            traits.name, context.traits.name
        """,
        "first_name": """
            given name, forename, fname, person - first name, traits.firstName,
            context.traits.firstName
        """,
        "last_name": "surname, family name, lname, person - last name, traits.lastName, context.traits.lastName",
        "title": """
            job title, person - job title, job position, job role, job function, position, role,
            traits.title, context.traits.title
        """,
        "phone": """
            phone number, work phone, business phone, telephone, telephone number, direct phone,
            person - phone - work, person - phone, mobile phone, mobile phone number, mobile number,
            mobile, person - phone - mobile, cell phone, cell, tel, traits.phone, context.traits.phone
        """,
        "company": """
            company name, company / account, organization name, organisation name, person - organization,
            lead - organization, account name, associated company, organization, organisation,
            account, employer, traits.company.name, context.traits.company.name, traits.company
        """,
        "domain": """
            company domain name, company domain, email domain, organization - domain, website,
            website url, company website, organization - website, homepage, company url,
            traits.website
        """,
        "employees": """
            number of employees, no of employees, num employees, nb of employees, # of employees,
            organization - number of employees, employee count, employees count, total employees,
            company size, organization size, headcount, staff, traits.employees,
            traits.company.employee_count
        """,
        "industry": """
            company industry, organization - industry, industry sector, sector, vertical,
            traits.industry, traits.company.industry
        """,
        "country": """
            country code, country/region, company country, billing country, mailing country,
            billing country code, mailing country code, country region code, hs_country_region_code,
            organization - country of address, ip country, ip country code, traits.address.country,
            nation
        """,
        "revenue": """
            annual revenue, company revenue, yearly revenue, organization - annual revenue, turnover,
            annual turnover, sales revenue
        """,
        "budget": "budget amount, project budget, estimated budget, available budget",
        "source": """
            lead source, original source, original traffic source, traffic source,
            hs_analytics_source, utm source, lead - source origin, context.campaign.source
        """,
        "campaign": """
            campaign name, lead campaign, utm campaign, primary campaign, primary campaign source,
            context.campaign.name
        """,
        "captured_at": """
            create date, created date, date created, created at, creation date, lead - lead created,
            person - person created, add time, date added, added on, created on, submitted at,
            submission date, signed up at, signup date, created, date
        """,
    }
)
"""Lead field -> names of columns."""

SIGNAL_ALIASES = _names(
    {
        "message_id": "event id, insert id, uuid, id",
        "at": """
            occurred at, original timestamp, timestamp, event time, event timestamp, event date,
            activity date, happened at, datetime, time, date, ts, sent at, received at, created at,
            created date, create date
        """,
        "kind": """
            event, event name, event type, signal, signal kind, activity type, activity, action,
            interaction, type
        """,
        "lead_id": """
            user id, external id, contact id, record id, hs_object_id, prospect id, person id,
            customer id
        """,
        "email": """
            email address, work email, contact email, lead email, person email, recipient, mail,
            traits.email, context.traits.email, properties.email
        """,
        "visitor_id": "anonymous id, visitor, client id, device id, cookie id, distinct id, session id",
        "url": "page url, context.page.url, properties.url, link, page, path",
        "bot": "is bot, robot, is robot, crawler",
    }
)
"""Signal field -> names of columns."""

_SPENT = ("amount spent", "spend", "cost", "total spent", "total cost")
_CURRENCIES = (
    *("EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON"),
    *("CAD", "AUD", "NZD", "JPY", "CNY", "INR", "BRL", "MXN", "ZAR", "SGD", "HKD"),
)

COST_ALIASES = {
    **_names(
        {
            "month": "month of year, reporting month, period",
            "from": """
                start, start date, date start, first day, reporting starts, reporting start, start date (in utc),
                day, date, week
            """,
            "to": """
                until, end, end date, date stop, last day, reporting ends, reporting end, end date (in utc)
            """,
            "source": """
                channel, platform, publisher, publisher platform, utm source, source / medium, medium, account name
            """,
            "campaign": "campaign name, utm campaign, ad campaign, campaign group name, campaign group",
        }
    ),
    "cost": (*_SPENT, "spent", "amount", "costs", *(f"{name} ({code})" for name in _SPENT for code in _CURRENCIES)),
    "currency": ("currency code", "account currency", "account currency code"),
}
"""Cost field -> names of columns. Some name the currency with the amount, as in "Amount spent (EUR)"."""
