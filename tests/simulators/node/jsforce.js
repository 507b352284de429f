// Runs the unmodified client jsforce against a simulator and prints what came back, as one JSON object.
//
//     node jsforce.js BASE_URL SCENARIO
'use strict';

const jsforce = require('jsforce');

const [, , base, name] = process.argv;
const USERNAME = 'admin@simulator.example';
const PASSWORD = 'simulator-password' + 'simulatortoken';
const OAUTH2 = { loginUrl: base, clientId: 'simulator-client', clientSecret: 'simulator-secret' };

async function connect(changes) {
  const conn = new jsforce.Connection({ loginUrl: base, instanceUrl: base, oauth2: OAUTH2, version: '60.0', ...changes });
  await conn.authorize({ grant_type: 'client_credentials' });
  return conn;
}

// What a refused call tells.
async function refusal(promise) {
  try {
    return { unexpected: await promise };
  } catch (error) {
    return { code: error.errorCode || error.name, text: String(error.message), fields: error.data && error.data.fields };
  }
}

async function control(path, body) {
  const answer = await fetch(`${base}/_sim/${path}`, { method: 'POST', body: JSON.stringify(body) });
  if (answer.status !== 200) throw new Error(await answer.text());
  return answer.json();
}

const people = (count, prefix, company = 'Node') =>
  Array.from({ length: count }, (_, n) => ({ LastName: `${prefix}${n}`, Company: company, Email: `${prefix}${n}@node.example` }));

const scenarios = {
  async soap() {
    const conn = new jsforce.Connection({ loginUrl: base, version: '60.0' });
    const user = await conn.login(USERNAME, PASSWORD);
    const identity = await conn.identity();
    const found = await conn.query('SELECT Id FROM Lead LIMIT 1');
    const token = conn.accessToken;
    await conn.logout();
    const again = new jsforce.Connection({ instanceUrl: base, accessToken: token, version: '60.0' });
    return {
      user,
      identity: identity.username,
      sameUser: identity.user_id === user.id,
      size: found.totalSize,
      loggedOut: await refusal(again.query('SELECT Id FROM Lead LIMIT 1')),
      wrong: await refusal(new jsforce.Connection({ loginUrl: base }).login(USERNAME, 'nonsense')),
    };
  },

  async oauth() {
    const conn = new jsforce.Connection({ oauth2: OAUTH2, instanceUrl: base, version: '60.0' });
    const user = await conn.loginByOAuth2(USERNAME, PASSWORD);
    let refreshed = 0;
    const lasting = new jsforce.Connection({
      oauth2: OAUTH2, instanceUrl: base, accessToken: 'dead', refreshToken: 'simulator-refresh-token', version: '60.0',
    });
    lasting.on('refresh', () => { refreshed += 1; });
    const found = await lasting.query('SELECT Id FROM Account LIMIT 1');
    const told = {
      user: user.organizationId,
      found: found.totalSize,
      refreshed,
      usage: conn.limitInfo,
      wrong: await refusal(new jsforce.Connection({ oauth2: OAUTH2 }).loginByOAuth2(USERNAME, 'nonsense')),
      url: conn.oauth2.getAuthorizationUrl({ scope: 'api' }).startsWith(`${base}/services/oauth2/authorize?`),
    };
    await conn.logoutByOAuth2();
    const usage = await lasting.limits();
    told.limits = [usage.DailyApiRequests.Max, lasting.limitInfo.apiUsage.limit];
    return told;
  },

  async queries(conn) {
    await conn.sobject('Lead').create(people(450, 'q', 'Node Q'), { allowRecursive: true });
    const soql = "SELECT Id, Name, Owner.Name FROM Lead WHERE Company = 'Node Q' ORDER BY Name";
    const small = { headers: { 'Sforce-Query-Options': 'batchSize=200' } };
    const first = await conn.query(soql, small);
    const second = await conn.queryMore(first.nextRecordsUrl);
    const all = await conn.query(soql, { ...small, autoFetch: true, maxFetch: 5000 });
    const streamed = await new Promise((done, failed) => {
      const seen = [];
      conn.query(soql, { ...small, autoFetch: true, maxFetch: 430 })
        .on('record', (record) => seen.push(record.Id))
        .on('end', () => done(seen))
        .on('error', failed)
        .run();
    });
    await conn.sobject('Lead').destroy(all.records.slice(0, 2).map((row) => row.Id));
    const fluent = await conn.sobject('Lead')
      .find({ Company: 'Node Q', Email: { $like: 'q44%' }, HasOptedOutOfEmail: false }, ['Id', 'Email'])
      .sort({ Email: -1 }).limit(3).execute();
    const nested = await conn.sobject('Account').select('Id, Name').include('Contacts').select('Id, LastName').limit(2)
      .end().limit(5).execute();
    return {
      first: [first.totalSize, first.done, first.records.length],
      owner: first.records[0].Owner.attributes.type,
      second: second.records.length,
      all: [all.records.length, new Set(all.records.map((row) => row.Id)).size],
      streamed: new Set(streamed).size,
      deletedToo: (await conn.query(soql, { scanAll: true })).totalSize,
      live: (await conn.query(soql)).totalSize,
      fluent: fluent.map((row) => row.Email),
      nested: nested.every((row) => row.Contacts === null || row.Contacts.records.length <= 2),
      count: await conn.sobject('Lead').count({ Company: 'Node Q' }),
      groups: (await conn.query('SELECT Company, COUNT(Id) n FROM Lead GROUP BY Company HAVING COUNT(Id) > 440')).records,
      plan: (await conn.query(soql).explain()).plans.length,
      refused: await refusal(conn.query('SELECT Bacon__c FROM Account LIMIT 2')),
    };
  },

  async rows(conn) {
    const leads = conn.sobject('Lead');
    const one = await leads.create({ LastName: 'One', Company: 'Node' });
    const many = await leads.create([{ LastName: 'Two', Company: 'Node' }, { LastName: 'Bad' }]);
    await leads.update({ Id: one.id, Title: 'First' });
    const read = await leads.retrieve(one.id);
    const both = await leads.retrieve([one.id, many[0].id]);
    const tasks = conn.sobject('Task');
    const key = 'ActionSync_Id__c';
    const made = await tasks.upsert({ Subject: 'Up', ActionSync_Id__c: 'js-1' }, key);
    const met = await tasks.upsert({ Subject: 'Up again', ActionSync_Id__c: 'js-1' }, key);
    const several = await tasks.upsert([{ ActionSync_Id__c: 'js-1' }, { Subject: 'New', ActionSync_Id__c: 'js-2' }], key);
    const whole = await refusal(leads.create([{ LastName: 'X', Company: 'Y' }, { LastName: 'Z' }], { allOrNone: true }));
    const start = new Date(Date.now() - 3600e3);
    const end = new Date(Date.now() + 3600e3);
    await leads.destroy(many[0].id);
    const updated = await leads.updated(start, end);
    const deleted = await leads.deleted(start, end);
    return {
      one: one.success,
      many: many.map((row) => [row.success, row.errors.map((error) => error.statusCode)]),
      read: [read.Title, read.attributes.type, read.LastName],
      both: both.map((row) => row.LastName),
      upserts: [made.created, met.created, made.id === met.id],
      several: several.map((row) => row.created),
      whole: whole.unexpected.map((row) => row.errors[0].statusCode),
      updated: updated.ids.includes(one.id),
      deleted: deleted.deletedRecords.map((row) => row.id).includes(many[0].id),
      gone: await refusal(leads.retrieve(many[0].id)),
      twice: await refusal(leads.destroy(many[0].id)),
      missing: await refusal(leads.create({ LastName: 'X' })),
      recent: (await leads.recent()).length,
    };
  },

  async describes(conn) {
    const all = await conn.describeGlobal();
    const task = await conn.sobject('Task').describe();
    const cached = await conn.sobject('Task').describe$();
    const compact = await conn.sobject('Lead').compactLayouts();
    const layouts = await conn.sobject('Lead').layouts();
    const approvals = await conn.sobject('Lead').approvalLayouts();
    const recordType = layouts.recordTypeMappings[0].recordTypeId;
    return {
      objects: all.sobjects.map((each) => each.name),
      task: [task.keyPrefix, task.fields.find((field) => field.name === 'WhoId').referenceTo],
      same: cached.name,
      unknown: await refusal(conn.sobject('Nope').describe()),
      compact: compact.compactLayouts[0].name,
      layout: [layouts.layouts.length, (await conn.request(`/sobjects/Lead/describe/layouts/${recordType}`)).id === layouts.layouts[0].id],
      named: await refusal(conn.sobject('Lead').layouts('Nope')),
      approvals: approvals.approvalLayouts,
      actions: await conn.sobject('Lead').quickActions(),
      globalActions: await conn.quickActions(),
      tabs: (await conn.tabs()).map((tab) => tab.sobjectName),
      theme: (await conn.theme()).themeItems.map((item) => item.name),
      recent: (await conn.recent()).length,
      versions: (await conn.request('/services/data')).length,
    };
  },

  async tooling(conn) {
    const tooling = conn.tooling;
    const fields = await tooling.query(
      "SELECT QualifiedApiName, DataType FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName = 'Lead'",
    );
    return {
      entity: (await tooling.query("SELECT QualifiedApiName, KeyPrefix FROM EntityDefinition WHERE KeyPrefix = '00T'")).records[0],
      email: fields.records.find((field) => field.QualifiedApiName === 'Email'),
      custom: (await tooling.query("SELECT DeveloperName, TableEnumOrId FROM CustomField WHERE DeveloperName = 'LinkedIn_Profile'")).totalSize,
      objects: (await tooling.describeGlobal()).sobjects.map((each) => each.name),
      described: (await tooling.sobject('CustomField').describe()).keyPrefix,
      classes: (await tooling.query('SELECT Id FROM ApexClass')).totalSize,
      refused: await refusal(tooling.query('SELECT Id FROM Lead')),
    };
  },

  async search(conn) {
    await conn.sobject('Lead').create([{ LastName: 'Zylophant', Company: 'Node' }]);
    const found = await conn.search('FIND {Zylophant} IN ALL FIELDS RETURNING Lead(Id, LastName), Contact(Id)');
    return {
      found: found.searchRecords.map((row) => [row.attributes.type, row.LastName]),
      refused: await refusal(conn.search('FIND Zylophant')),
    };
  },

  async composite(conn) {
    const answer = await conn.requestPost(`${conn._baseUrl()}/composite`, {
      allOrNone: true,
      compositeRequest: [
        { method: 'POST', url: '/services/data/v60.0/sobjects/Account', referenceId: 'a', body: { Name: 'Node Inc' } },
        { method: 'POST', url: '/services/data/v60.0/sobjects/Contact', referenceId: 'c', body: { LastName: 'N', AccountId: '@{a.id}' } },
        { method: 'GET', url: "/services/data/v60.0/query?q=SELECT+Account.Name+FROM+Contact+WHERE+Id='@{c.id}'", referenceId: 'q' },
      ],
    });
    return answer.compositeResponse.map((part) => [part.httpStatusCode, part.body.records ? part.body.records[0].Account.Name : part.body.success]);
  },

  async bulk(conn) {
    conn.bulk.pollInterval = 10;
    conn.bulk.pollTimeout = 30000;
    const made = await conn.bulk.load('Lead', 'insert', [...people(3, 'b'), { LastName: 'Bad' }]);
    const updated = await conn.bulk.load('Lead', 'update', [{ Id: made[0].id, Title: null, Company: 'Bulk, "Node"' }]);
    const rows = await (await conn.bulk.query("SELECT Id, Company FROM Lead WHERE Email LIKE 'b_@node.example' ORDER BY Email")).toArray();
    const deleted = await conn.sobject('Lead').find({ Email: { $like: 'b_@node.example' } }).destroy({ allowBulk: true, bulkThreshold: 1 });
    return {
      made: made.map((row) => [row.success, row.errors.length]),
      error: made[3].errors[0],
      updated: updated.map((row) => row.success),
      rows: rows.map((row) => row.Company),
      deleted: deleted.map((row) => row.success),
      wrong: await refusal(conn.bulk.load('Nope', 'insert', [{ Name: 'x' }])),
    };
  },

  async bulk2(conn) {
    conn.bulk2.pollInterval = 10;
    conn.bulk2.pollTimeout = 30000;
    const made = await conn.bulk2.loadAndWaitForResults({ object: 'Lead', operation: 'insert', input: [...people(3, 'v'), { LastName: 'Bad', Company: '', Email: '' }] });
    const rows = await (await conn.bulk2.query("SELECT Id, Email, LastModifiedDate FROM Lead WHERE Email LIKE 'v_@node.example'")).toArray();
    const up = await conn.bulk2.loadAndWaitForResults({
      object: 'Task', operation: 'upsert', externalIdFieldName: 'ActionSync_Id__c', input: [{ ActionSync_Id__c: 'b2', Subject: 'Bulk' }],
    });
    const job = conn.bulk2.createJob({ object: 'Lead', operation: 'insert' });
    await job.open();
    await job.abort();
    const aborted = await job.check();
    await job.delete();
    return {
      made: [made.successfulResults.length, made.failedResults.length, made.unprocessedRecords.length],
      error: made.failedResults[0].sf__Error,
      rows: rows.length,
      created: up.successfulResults.map((row) => row.sf__Created),
      aborted: aborted.state,
      wrong: await refusal(conn.bulk2.query('SELECT Bacon FROM Lead')),
    };
  },

  async streaming(conn) {
    await control('change-events', { objects: ['Task'] });
    let subscription;
    const heard = new Promise((done) => {
      subscription = conn.streaming.channel('/data/TaskChangeEvent').subscribe(done);
    });
    await subscription;
    await conn.sobject('Task').create({ Subject: 'Streamed' });
    const event = await heard;
    return { subject: event.payload.Subject, kind: event.payload.ChangeEventHeader.changeType };
  },
};

const NEEDS_NO_SESSION = new Set(['soap', 'oauth']);

(NEEDS_NO_SESSION.has(name) ? Promise.resolve() : connect())
  .then((conn) => scenarios[name](conn))
  .then((told) => {
    process.stdout.write(JSON.stringify(told), () => process.exit(0));
  })
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
