"""Calls that the real service has and this simulator does not serve: they answer 703, so that gaps are visible."""

from __future__ import annotations

_TABLE = """
GET POST /rest/v1/companies/schema/fields.json
GET POST /rest/v1/companies/schema/fields/{}.json
GET POST /rest/v1/opportunities/schema/fields.json
GET POST /rest/v1/opportunities/schema/fields/{}.json
GET POST /rest/v1/namedaccounts.json
GET /rest/v1/namedaccounts/describe.json
POST /rest/v1/namedaccounts/delete.json
GET POST /rest/v1/namedaccounts/schema/fields.json
GET POST /rest/v1/namedaccounts/schema/fields/{}.json
GET POST /rest/v1/namedAccountLists.json
POST /rest/v1/namedAccountLists/delete.json
GET POST /rest/v1/namedAccountList/{}/namedAccounts.json
POST /rest/v1/namedAccountList/{}/namedAccounts/remove.json
GET /rest/v1/customobjects.json
GET POST /rest/v1/customobjects/{}.json
GET /rest/v1/customobjects/{}/describe.json
POST /rest/v1/customobjects/{}/delete.json
GET POST /rest/v1/customobjects/schema.json
GET /rest/v1/customobjects/schema/{}/describe.json
GET /rest/v1/customobjects/schema/fieldDataTypes.json
GET /rest/v1/customobjects/schema/linkableObjects.json
GET /rest/v1/customobjects/schema/{}/dependentAssets.json
POST /rest/v1/customobjects/schema/{}/approve.json
POST /rest/v1/customobjects/schema/{}/discardDraft.json
POST /rest/v1/customobjects/schema/{}/delete.json
POST /rest/v1/customobjects/schema/{}/addField.json
POST /rest/v1/customobjects/schema/{}/deleteField.json
POST /rest/v1/customobjects/schema/{}/{}/updateField.json
GET POST /rest/v1/programs/members/schema/fields.json
GET POST /rest/v1/programs/members/schema/fields/{}.json
POST /bulk/v1/program/{}/members/import.json
GET /bulk/v1/program/members/import/{}/status.json
GET /bulk/v1/program/members/import/{}/failures.json
GET /bulk/v1/program/members/import/{}/warnings.json
POST /bulk/v1/customobjects/{}/import.json
GET /bulk/v1/customobjects/{}/import/{}/status.json
GET /bulk/v1/customobjects/{}/import/{}/failures.json
GET /bulk/v1/customobjects/{}/import/{}/warnings.json
GET /bulk/v1/customobjects/{}/export.json
POST /bulk/v1/customobjects/{}/export/create.json
POST /bulk/v1/customobjects/{}/export/{}/enqueue.json
POST /bulk/v1/customobjects/{}/export/{}/cancel.json
GET /bulk/v1/customobjects/{}/export/{}/status.json
GET /bulk/v1/customobjects/{}/export/{}/file.json
GET /rest/asset/v1/program/{}/smartList.json
POST /rest/asset/v1/emails.json
POST /rest/asset/v1/email/{}.json
GET POST /rest/asset/v1/email/{}/content.json
POST /rest/asset/v1/email/{}/approveDraft.json
POST /rest/asset/v1/email/{}/unapprove.json
POST /rest/asset/v1/email/{}/discardDraft.json
POST /rest/asset/v1/email/{}/clone.json
POST /rest/asset/v1/email/{}/delete.json
POST /rest/asset/v1/email/{}/sendSample.json
GET POST /rest/asset/v1/emailTemplates.json
GET POST /rest/asset/v1/emailTemplate/{}.json
GET /rest/asset/v1/emailTemplate/byName.json
GET POST /rest/asset/v1/forms.json
GET POST /rest/asset/v1/form/{}.json
GET /rest/asset/v1/form/byName.json
GET POST /rest/asset/v1/landingPages.json
GET POST /rest/asset/v1/landingPage/{}.json
GET /rest/asset/v1/landingPage/byName.json
GET POST /rest/asset/v1/landingPageTemplates.json
GET POST /rest/asset/v1/landingPageTemplate/{}.json
GET POST /rest/asset/v1/snippets.json
GET POST /rest/asset/v1/snippet/{}.json
GET POST /rest/asset/v1/files.json
GET POST /rest/asset/v1/file/{}.json
GET /rest/asset/v1/file/byName.json
"""

UNSERVED: tuple[tuple[str, str], ...] = tuple(
    (method, words[-1]) for line in _TABLE.strip().splitlines() for words in [line.split()] for method in words[:-1]
)
"""Method and path of every known call that answers 703."""
