// Runs the unmodified client node-marketo-rest against a simulator and prints what came back, as one JSON object.
//
//     node node_marketo_rest.js BASE_URL SCENARIO
//
// The client writes to standard output itself; that goes to standard error, so that only the result is on standard output.
'use strict';

const Marketo = require('node-marketo-rest');

console.log = console.error;

const [, , base, name] = process.argv;

function connect(changes) {
  return new Marketo({
    endpoint: `${base}/rest`,
    identity: `${base}/identity`,
    clientId: 'simulator-client',
    clientSecret: 'simulator-secret',
    partnerId: 'partner-1',
    retry: { initialDelay: 1, maxDelay: 2, maxRetries: 3 },
    ...changes,
  });
}

// What a refused call tells: the client rejects with the answer, or with an error of its own.
async function refusal(promise) {
  try {
    return { unexpected: await promise };
  } catch (error) {
    return { code: error.errors ? error.errors[0].code : null, text: String(error.message || error) };
  }
}

async function completed(extract, id) {
  for (let poll = 0; poll < 1000; poll += 1) {
    const answer = await extract.status(id);
    if (!['Queued', 'Processing'].includes(answer.result[0].status)) return answer.result[0];
  }
  throw new Error(`the job ${id} does not end`);
}

const scenarios = {
  async people(marketo) {
    const made = await marketo.lead.createOrUpdate(
      [{ email: 'node1@example.com', firstName: 'N1' }, { email: 'node2@example.com', firstName: 'N2' }],
      { lookupField: 'email' },
    );
    const ids = made.result.map((row) => row.id);
    const cookie = `id:123-ABC-456&token:_mch-example.com-1396310362214-${ids[0]}`;
    return {
      made: made.result.map((row) => row.status),
      byId: (await marketo.lead.byId(ids[0], { fields: ['email', 'firstName'] })).result[0],
      found: (await marketo.lead.find('email', ['node1@example.com', 'node2@example.com'])).result.map((row) => row.id),
      ids,
      associated: await marketo.lead.associateLead(ids[0], cookie),
      pushed: (await marketo.lead.push([{ email: 'node3@example.com' }], { programName: 'Contact Us' })).result[0].status,
      merged: await marketo.lead.mergeLead(ids[0], [ids[1]], { mergeInCRM: false }),
      gone: await refusal(marketo.lead.byId(ids[1])),
      partitions: (await marketo.lead.partitions()).result,
      fields: (await marketo.lead.describe()).result.map((field) => field.rest.name),
    };
  },

  async lists(marketo) {
    const first = await marketo.list.getLeads(1001, { batchSize: 200, fields: 'email' });
    const second = await first.nextPage();
    return {
      all: (await marketo.list.find()).result.map((row) => row.id),
      some: (await marketo.list.find({ name: ['Newsletter', 'Empty List'] })).result.map((row) => row.name),
      byId: (await marketo.list.byId(1003)).result[0].name,
      added: (await marketo.list.addLeadsToList(1003, [1001, { id: 1002 }])).result,
      member: (await marketo.list.isMember(1003, [1001])).result,
      removed: (await marketo.list.removeLeadsFromList(1003, [1001])).result,
      // Several ids reach the service as one value, `1001&id=1002`: a defect of the client.
      several: await refusal(marketo.list.isMember(1003, [1001, 1002])),
      byEmail: (await marketo.list.addEmailsToList(['node4@example.com'], 1003)).result.map((row) => row.status),
      pages: [first.result.length, second.result.length, 'nextPage' in second],
    };
  },

  async activities(marketo) {
    const token = (await marketo.lead.getPageToken('2026-11-24T11:00:00Z')).nextPageToken;
    const [made] = (await marketo.lead.createOrUpdate([{ email: 'node5@example.com', firstName: 'A' }])).result;
    await marketo.lead.createOrUpdate([{ email: 'node5@example.com', firstName: 'B' }]);
    await marketo.list.addLeadsToList(1003, [made.id]);
    const feed = await marketo.lead.getActivities([made.id], [12, 13], token);
    const forList = await marketo.lead.getActivitiesForList(1003, [24], token);
    const changes = await marketo.lead.getChanges(token, { fields: ['firstName'] });
    return {
      types: (await marketo.activities.getActivityTypes()).result.map((type) => type.id),
      rows: feed.result.map((row) => [row.activityTypeId, row.leadId === made.id]),
      forList: forList.result.some((row) => row.leadId === made.id),
      changes: changes.result.filter((row) => row.leadId === made.id).map((row) => row.fields.map((field) => field.newValue)),
      next: typeof feed.nextPageToken,
      end: (await feed.nextPage()).result,
    };
  },

  async stream(marketo) {
    const read = [];
    const stream = marketo.streamify('list', 'getLeads', [1001, { batchSize: 100, fields: 'email' }]);
    for await (const row of stream) read.push(row.id);
    return { rows: read.length, different: new Set(read).size };
  },

  async statistics(marketo) {
    await refusal(marketo.lead.find('firstName', ['x']));
    return {
      usage: (await marketo.stats.usage()).result[0],
      usageDays: (await marketo.stats.usageLast7Days()).result.length,
      errors: (await marketo.stats.errors()).result[0],
      errorsDays: (await marketo.stats.errorsLast7Days()).result.length,
      refused: await refusal(marketo.lead.find('firstName', ['x'])),
    };
  },

  async exports(marketo) {
    const window = { createdAt: { startAt: '2026-10-26T00:00:00Z', endAt: '2026-11-25T00:00:00Z' } };
    const extracts = { leads: marketo.bulkLeadExtract, activities: marketo.bulkActivityExtract };
    const told = {};
    for (const [kind, extract] of Object.entries(extracts)) {
      const create = (options) => (kind === 'leads' ? extract.create(['id', 'email'], window, options) : extract.create(window, options));
      const job = (await create()).result[0];
      const queued = (await extract.enqueue(job.exportId)).result[0].status;
      const status = await completed(extract, job.exportId);
      const other = (await create({ format: 'TSV' })).result[0];
      const file = await extract.file(job.exportId);
      const whole = kind === 'leads' ? await extract.get(['id'], window) : await extract.get(window);
      told[kind] = {
        created: job.status,
        queued,
        status,
        cancelled: (await extract.cancel(other.exportId)).result[0].status,
        file: typeof file,
        bytes: Buffer.byteLength(file),
        lines: file.split('\n').length - 2,
        whole: whole.result[0].status,
        twice: await refusal(extract.enqueue(job.exportId)),
      };
    }
    return told;
  },

  async token(marketo) {
    const first = await marketo.getOAuthToken();
    const again = await marketo.getOAuthToken();
    await marketo.lead.partitions();
    const response = await fetch(`${base}/_sim/tokens/expire`, { method: 'POST' });
    // The token has died under the client: it gets a new one and repeats the call.
    const after = await marketo.lead.partitions();
    return {
      same: first.access_token === again.access_token,
      expired: (await response.json()).expired,
      after: after.success,
      wrong: await refusal(connect({ clientSecret: 'wrong' }).lead.partitions()),
    };
  },

  async faults(marketo) {
    await marketo.lead.partitions();
    const told = {};
    for (const code of ['604', '608', '611']) {
      const fault = { match: { path: '/rest/v1/leads/partitions*' }, action: 'error', error: { code }, times: 1 };
      await fetch(`${base}/_sim/faults`, { method: 'POST', body: JSON.stringify(fault) });
      told[code] = (await marketo.lead.partitions()).success;
    }
    return told;
  },

  async assets(marketo) {
    const smartLists = await marketo.smartList.find();
    const emails = await marketo.email.getEmails({ maxReturn: 2 });
    return {
      smartLists: smartLists.result.map((row) => row.name),
      smartList: (await marketo.smartList.byId(smartLists.result[0].id)).result[0].name,
      emails: emails.result.map((row) => row.id),
      beyond: await (await marketo.email.getEmails({ maxReturn: 200 })).nextPage(),
      landingPages: await refusal(marketo.landingPage.getLandingPages()),
    };
  },

  async campaigns(marketo) {
    const campaigns = (await marketo.campaign.getCampaigns()).result;
    const trigger = campaigns.find((row) => row.type === 'trigger' && row.active);
    const tokens = [{ name: '{{my.message}}', value: 'Hello' }];
    return {
      types: campaigns.map((row) => row.type),
      smart: (await marketo.campaign.getSmartCampaigns({ maxReturn: 200 })).result.map((row) => row.id),
      requested: await marketo.campaign.request(trigger.id, [{ id: 1001 }], tokens),
      unknown: await refusal(marketo.campaign.request(999999, [{ id: 1001 }])),
    };
  },
};

if (!(name in scenarios)) {
  console.error(`There is no scenario ${name}, only ${Object.keys(scenarios).join(', ')}`);
  process.exit(2);
}

scenarios[name](connect()).then(
  (result) => process.stdout.write(JSON.stringify(result)),
  (error) => {
    console.error(error, error && error.errors);
    process.exitCode = 1;
  },
);
