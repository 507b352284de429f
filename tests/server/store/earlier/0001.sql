BEGIN TRANSACTION;
CREATE TABLE activities (
	instance_id TEXT NOT NULL, 
	activity_id TEXT NOT NULL, 
	idempotency_key TEXT NOT NULL, 
	fingerprint BLOB NOT NULL, 
	type BIGINT NOT NULL, 
	person_id TEXT NOT NULL, 
	user_id TEXT NOT NULL, 
	email_id TEXT NOT NULL, 
	activity_time BIGINT NOT NULL, 
	content TEXT NOT NULL, 
	permit_state BIGINT NOT NULL, 
	create_time BIGINT NOT NULL, 
	PRIMARY KEY (instance_id, activity_id), 
	CONSTRAINT activities_by_idempotency_key UNIQUE (instance_id, idempotency_key)
);
INSERT INTO "activities" VALUES('acme','a-01kjqh0cc0yyz0pccjppky48td','send',X'E62EBD3C3026866CF4350FAC0EEFE934',1,'p-01kjqh0cc0jpgz7k51vre8vm1r','seller-1','4711',1772463600000000,'{"detail":{"email":{"email_id":"4711","subject":"Hello","template":null,"sales_campaign":null,"url":""},"body":"A word."},"send_permit":"c-01kjqh0cc0yyz0pccjppky48tc"}',2,1772463600000000);
INSERT INTO "activities" VALUES('acme','a-01kjqh0cc0yyz0pccjppky48te','open',X'336EE0243D9A782C4B0B72D5C8BAA242',2,'p-01kjqh0cc0jpgz7k51vre8vm1r','seller-1','4711',1772463600000000,'{"detail":{"email":{"email_id":"4711","subject":"","template":null,"sales_campaign":null,"url":""}},"send_permit":""}',0,1772463600000000);
INSERT INTO "activities" VALUES('acme','a-01kjqh0cc0yyz0pccjppky48tf','call',X'0B05819BE1A23B8549377C47319046EB',6,'p-01kjqh0cc0jpgz7k51vre8vm1s','seller-1','',1772463600000000,'{"detail":{"call_status":1,"outcome":"Meeting booked","reason":"","duration":65,"phone_number":"","answered_by":"","recording_url":"","notes":"","local_presence_id":"","task_name":"","sales_campaign":null},"send_permit":""}',0,1772463600000000);
INSERT INTO "activities" VALUES('acme','a-01kjqhpn8grj4v7ktfz69s2xmw','waits',X'7CE597D11B50E9A0320D112178CE3DF5',7,'p-01kjqh0cc0xnp2sqt5wcffr1af','seller-1','',1772464330000000,'{"detail":{"sales_campaign":{"sales_campaign_id":"12","name":"Spring","url":"","day":0,"step":0}},"send_permit":""}',0,1772464330000000);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE alerts (
	instance_id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	system BIGINT NOT NULL, 
	message TEXT NOT NULL, 
	next_step TEXT NOT NULL, 
	owner BIGINT NOT NULL, 
	start_time BIGINT NOT NULL, 
	PRIMARY KEY (instance_id, name, subject)
);
CREATE TABLE changes (
	change_number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	instance_id TEXT NOT NULL, 
	kind BIGINT NOT NULL, 
	subject_id TEXT NOT NULL, 
	type BIGINT NOT NULL, 
	detail TEXT NOT NULL, 
	change_time BIGINT NOT NULL
);
INSERT INTO "changes" VALUES(1,'acme',4,'s-01kjqh0cc0jpgz7k51vre8vm1p',1,'',1772463600000000);
INSERT INTO "changes" VALUES(2,'acme',4,'s-01kjqh0cc0jpgz7k51vre8vm1p',1,'',1772463600000000);
INSERT INTO "changes" VALUES(3,'acme',1,'p-01kjqh0cc0jpgz7k51vre8vm1r',1,'',1772463600000000);
INSERT INTO "changes" VALUES(4,'acme',1,'p-01kjqh0cc0jpgz7k51vre8vm1s',1,'',1772463600000000);
INSERT INTO "changes" VALUES(5,'acme',1,'p-01kjqh0cc0jpgz7k51vre8vm1t',1,'',1772463600000000);
INSERT INTO "changes" VALUES(6,'acme',1,'p-01kjqh0cc0xnp2sqt5wcffr1ae',1,'',1772463600000000);
INSERT INTO "changes" VALUES(7,'acme',1,'p-01kjqh0cc0xnp2sqt5wcffr1af',1,'',1772463600000000);
INSERT INTO "changes" VALUES(8,'acme',1,'p-01kjqh0cc0xnp2sqt5wcffr1ag',1,'',1772463600000000);
INSERT INTO "changes" VALUES(9,'acme',1,'p-01kjqh0cc0xnp2sqt5wcffr1ah',1,'',1772463600000000);
INSERT INTO "changes" VALUES(10,'acme',1,'p-01kjqh0cc0xnp2sqt5wcffr1aj',1,'',1772463600000000);
INSERT INTO "changes" VALUES(11,'acme',1,'p-01kjqh0cc0xnp2sqt5wcffr1ak',1,'',1772463600000000);
INSERT INTO "changes" VALUES(12,'acme',1,'p-01kjqh0cc0xnp2sqt5wcffr1am',1,'',1772463600000000);
INSERT INTO "changes" VALUES(13,'acme',1,'p-01kjqh0cc0xnp2sqt5wcffr1an',1,'',1772463600000000);
INSERT INTO "changes" VALUES(14,'acme',1,'p-01kjqh0cc0xnp2sqt5wcffr1ap',1,'',1772463600000000);
INSERT INTO "changes" VALUES(15,'acme',1,'p-01kjqh0cc0xnp2sqt5wcffr1aq',1,'',1772463600000000);
INSERT INTO "changes" VALUES(16,'acme',1,'p-01kjqh0cc0xnp2sqt5wcffr1ar',1,'',1772463600000000);
INSERT INTO "changes" VALUES(17,'acme',1,'p-01kjqh0cc0xnp2sqt5wcffr1as',1,'',1772463600000000);
INSERT INTO "changes" VALUES(18,'acme',1,'p-01kjqh0cc0xnp2sqt5wcffr1at',1,'',1772463600000000);
INSERT INTO "changes" VALUES(19,'acme',1,'p-01kjqh0cc0xnp2sqt5wcffr1av',1,'',1772463600000000);
INSERT INTO "changes" VALUES(20,'acme',1,'p-01kjqh0cc0yyz0pccjppky48t6',1,'',1772463600000000);
INSERT INTO "changes" VALUES(21,'acme',1,'p-01kjqh0cc0yyz0pccjppky48t7',1,'',1772463600000000);
INSERT INTO "changes" VALUES(22,'acme',1,'p-01kjqh0cc0yyz0pccjppky48ta',1,'',1772463600000000);
INSERT INTO "changes" VALUES(23,'acme',1,'p-01kjqh0cc0yyz0pccjppky48tb',1,'',1772463600000000);
INSERT INTO "changes" VALUES(24,'acme',4,'s-01kjqh0cc0jpgz7k51vre8vm1p',1,'',1772463600000000);
INSERT INTO "changes" VALUES(25,'acme',4,'s-01kjqh0cc0jpgz7k51vre8vm1p',4,'',1772463600000000);
INSERT INTO "changes" VALUES(26,'acme',3,'d-01kjqh0cc0yyz0pccjppky48tg',1,'',1772463600000000);
INSERT INTO "changes" VALUES(27,'acme',3,'d-01kjqh0cc0yyz0pccjppky48th',1,'',1772463600000000);
INSERT INTO "changes" VALUES(28,'acme',3,'d-01kjqh0cc0yyz0pccjppky48tj',1,'',1772463600000000);
INSERT INTO "changes" VALUES(29,'acme',3,'d-01kjqh0cc0yyz0pccjppky48tk',7,'{"reason": 2}',1772463600000000);
INSERT INTO "changes" VALUES(30,'acme',3,'d-01kjqh0cc0yyz0pccjppky48tm',1,'',1772463600000000);
INSERT INTO "changes" VALUES(31,'acme',3,'d-01kjqh0cc0yyz0pccjppky48tn',1,'',1772463600000000);
INSERT INTO "changes" VALUES(32,'acme',2,'u-01kjqh0cc0yyz0pccjppky48tp',1,'{"event_id": "e-01kjqh0cc0yyz0pccjppky48tq"}',1772463600000000);
INSERT INTO "changes" VALUES(33,'acme',3,'d-01kjqh0cc0yyz0pccjppky48tg',2,'',1772463602000000);
INSERT INTO "changes" VALUES(34,'acme',3,'d-01kjqh0cc0yyz0pccjppky48tj',2,'',1772463602000000);
INSERT INTO "changes" VALUES(35,'acme',3,'d-01kjqh0cc0yyz0pccjppky48tm',2,'',1772463602000000);
INSERT INTO "changes" VALUES(36,'acme',3,'d-01kjqh0cc0yyz0pccjppky48tg',6,'',1772463602000000);
INSERT INTO "changes" VALUES(37,'acme',3,'d-01kjqh0cc0yyz0pccjppky48tj',6,'',1772463602000000);
INSERT INTO "changes" VALUES(38,'acme',3,'d-01kjqh0cc0yyz0pccjppky48tm',6,'',1772463602000000);
INSERT INTO "changes" VALUES(39,'acme',3,'d-01kjqh0cc0yyz0pccjppky48th',2,'',1772463602000000);
INSERT INTO "changes" VALUES(40,'acme',3,'d-01kjqh0cc0yyz0pccjppky48tn',2,'',1772463602000000);
INSERT INTO "changes" VALUES(41,'acme',3,'d-01kjqh0cc0yyz0pccjppky48th',6,'',1772463602000000);
INSERT INTO "changes" VALUES(42,'acme',3,'d-01kjqh0cc0yyz0pccjppky48tn',6,'',1772463602000000);
INSERT INTO "changes" VALUES(43,'acme',1,'p-01kjqh0cc0xnp2sqt5wcffr1ae',2,'',1772463690000000);
INSERT INTO "changes" VALUES(44,'acme',3,'d-01kjqhpn8grj4v7ktfz69s2xmx',1,'',1772464330000000);
INSERT INTO "changes" VALUES(45,'acme',3,'d-01kjqhpn8grj4v7ktfz69s2xmy',7,'{"reason": 2}',1772464330000000);
INSERT INTO "changes" VALUES(46,'acme',3,'d-01kjqhpn8grj4v7ktfz69s2xmx',5,'{"reason": 15}',1772464330100000);
CREATE TABLE connections (
	instance_id TEXT NOT NULL, 
	system BIGINT NOT NULL, 
	user_id TEXT NOT NULL, 
	base_url TEXT NOT NULL, 
	client_id TEXT NOT NULL, 
	account_id TEXT NOT NULL, 
	secret BLOB NOT NULL, 
	details TEXT NOT NULL, 
	connect_user_id TEXT NOT NULL, 
	connect_time BIGINT NOT NULL, 
	login_refused BIGINT NOT NULL, 
	PRIMARY KEY (instance_id, system, user_id)
);
INSERT INTO "connections" VALUES('acme',1,'','http://127.0.0.1:8081','simulator-client','123-ABC-456',X'01412AA4BC63CB0C80C115D2200A27749659C3B963D36C22540E3161811842E8D40F4B554D4EEF69B699772212B4687F44CB8FFEFBCB7E99535BD8208F7794577CF01C6C0975ED9D6703615F9005A95FA6BCC8119B5633','{"activity_types": {"asSendSalesEmail": 100001, "asOpenSalesEmail": 100002, "asClickSalesEmail": 100003, "asRepliedToSalesEmail": 100004, "asSalesEmailBounced": 100005, "asReceivedSalesCall": 100006, "asAddToSalesCampaign": 100007, "asRemovedFromSalesCampaign": 100008}, "missing_fields": []}','admin-1',1772463600000000,0);
INSERT INTO "connections" VALUES('acme',2,'','http://127.0.0.1:8082','simulator-client','0058d0000000001AAA',X'01AE7C52B10F67A073F9402F714E21C955C5325EA1EDF7A92A11BA0D8B9936E87C42163861AB6005471542B2BE463514DCA7F7F7DE74FDCFB23511EB20EEF718A80101AC84A046DCF17C6B5C22266C63A9CC1E6F91325F','{"task_external_id": true}','admin-1',1772463600000000,0);
CREATE TABLE deliveries (
	instance_id TEXT NOT NULL, 
	delivery_id TEXT NOT NULL, 
	system BIGINT NOT NULL, 
	subject_kind BIGINT NOT NULL, 
	subject_id TEXT NOT NULL, 
	person_id TEXT NOT NULL, 
	state BIGINT NOT NULL, 
	reason BIGINT NOT NULL, 
	attempt_count BIGINT NOT NULL, 
	due_time BIGINT, 
	error TEXT NOT NULL, 
	external_id TEXT NOT NULL, 
	warnings TEXT NOT NULL, 
	sequence BIGINT NOT NULL, 
	create_time BIGINT NOT NULL, 
	update_time BIGINT NOT NULL, 
	PRIMARY KEY (instance_id, delivery_id)
);
INSERT INTO "deliveries" VALUES('acme','d-01kjqh0cc0yyz0pccjppky48tg',1,1,'a-01kjqh0cc0yyz0pccjppky48td','p-01kjqh0cc0jpgz7k51vre8vm1r',6,0,1,NULL,'','100046','[]',1,1772463600000000,1772463602000000);
INSERT INTO "deliveries" VALUES('acme','d-01kjqh0cc0yyz0pccjppky48th',2,1,'a-01kjqh0cc0yyz0pccjppky48td','p-01kjqh0cc0jpgz7k51vre8vm1r',6,0,1,NULL,'','00T8d0000000001EAA','[]',2,1772463600000000,1772463602000000);
INSERT INTO "deliveries" VALUES('acme','d-01kjqh0cc0yyz0pccjppky48tj',1,1,'a-01kjqh0cc0yyz0pccjppky48te','p-01kjqh0cc0jpgz7k51vre8vm1r',6,0,1,NULL,'','100047','[]',3,1772463600000000,1772463602000000);
INSERT INTO "deliveries" VALUES('acme','d-01kjqh0cc0yyz0pccjppky48tk',2,1,'a-01kjqh0cc0yyz0pccjppky48te','p-01kjqh0cc0jpgz7k51vre8vm1r',7,2,0,NULL,'','','[]',4,1772463600000000,1772463600000000);
INSERT INTO "deliveries" VALUES('acme','d-01kjqh0cc0yyz0pccjppky48tm',1,1,'a-01kjqh0cc0yyz0pccjppky48tf','p-01kjqh0cc0jpgz7k51vre8vm1s',6,0,1,NULL,'','100048','[]',5,1772463600000000,1772463602000000);
INSERT INTO "deliveries" VALUES('acme','d-01kjqh0cc0yyz0pccjppky48tn',2,1,'a-01kjqh0cc0yyz0pccjppky48tf','p-01kjqh0cc0jpgz7k51vre8vm1s',6,0,1,NULL,'','00T8d0000000002EAA','[]',6,1772463600000000,1772463602000000);
INSERT INTO "deliveries" VALUES('acme','d-01kjqhpn8grj4v7ktfz69s2xmx',1,1,'a-01kjqhpn8grj4v7ktfz69s2xmw','p-01kjqh0cc0xnp2sqt5wcffr1af',5,15,0,NULL,'','','[]',7,1772464330000000,1772464330100000);
INSERT INTO "deliveries" VALUES('acme','d-01kjqhpn8grj4v7ktfz69s2xmy',2,1,'a-01kjqhpn8grj4v7ktfz69s2xmw','p-01kjqh0cc0xnp2sqt5wcffr1af',7,2,0,NULL,'','','[]',8,1772464330000000,1772464330000000);
CREATE TABLE delivery_attempts (
	instance_id TEXT NOT NULL, 
	delivery_id TEXT NOT NULL, 
	attempt_number BIGINT NOT NULL, 
	start_time BIGINT NOT NULL, 
	end_time BIGINT NOT NULL, 
	outcome BIGINT NOT NULL, 
	error TEXT NOT NULL, 
	PRIMARY KEY (instance_id, delivery_id, attempt_number)
);
INSERT INTO "delivery_attempts" VALUES('acme','d-01kjqh0cc0yyz0pccjppky48tg',1,1772463602000000,1772463602000000,6,'');
INSERT INTO "delivery_attempts" VALUES('acme','d-01kjqh0cc0yyz0pccjppky48tj',1,1772463602000000,1772463602000000,6,'');
INSERT INTO "delivery_attempts" VALUES('acme','d-01kjqh0cc0yyz0pccjppky48tm',1,1772463602000000,1772463602000000,6,'');
INSERT INTO "delivery_attempts" VALUES('acme','d-01kjqh0cc0yyz0pccjppky48th',1,1772463602000000,1772463602000000,6,'');
INSERT INTO "delivery_attempts" VALUES('acme','d-01kjqh0cc0yyz0pccjppky48tn',1,1772463602000000,1772463602000000,6,'');
CREATE TABLE initial_sync_chunks (
	instance_id TEXT NOT NULL, 
	initial_sync_id TEXT NOT NULL, 
	chunk_number BIGINT NOT NULL, 
	start_position BIGINT NOT NULL, 
	end_position BIGINT NOT NULL, 
	export_id TEXT NOT NULL, 
	committed_rows BIGINT NOT NULL, 
	tally TEXT NOT NULL, 
	recounted BIGINT NOT NULL, 
	finished BIGINT NOT NULL, 
	PRIMARY KEY (instance_id, initial_sync_id, chunk_number)
);
INSERT INTO "initial_sync_chunks" VALUES('acme','s-01kjqh0cc0jpgz7k51vre8vm1p',1,1001,1030,'',30,'[21, 0, 0, "{\"3\": 1, \"1\": 2}"]',0,1);
CREATE TABLE initial_syncs (
	instance_id TEXT NOT NULL, 
	initial_sync_id TEXT NOT NULL, 
	state BIGINT NOT NULL, 
	method BIGINT, 
	processed_count BIGINT NOT NULL, 
	expected_count BIGINT, 
	created_count BIGINT NOT NULL, 
	updated_count BIGINT NOT NULL, 
	unchanged_count BIGINT NOT NULL, 
	skipped TEXT NOT NULL, 
	call_count BIGINT NOT NULL, 
	wait_reason TEXT NOT NULL, 
	wait_until_time BIGINT, 
	error TEXT NOT NULL, 
	start_user_id TEXT NOT NULL, 
	start_time BIGINT NOT NULL, 
	end_time BIGINT, 
	PRIMARY KEY (instance_id, initial_sync_id)
);
INSERT INTO "initial_syncs" VALUES('acme','s-01kjqh0cc0jpgz7k51vre8vm1p',4,2,24,24,21,0,0,'{"3": 1, "1": 2}',5,'',NULL,'','admin-1',1772463600000000,1772463600000000);
CREATE TABLE instances (
	instance_id TEXT NOT NULL, 
	display_name TEXT NOT NULL, 
	create_time BIGINT NOT NULL, 
	PRIMARY KEY (instance_id)
);
INSERT INTO "instances" VALUES('acme','',1772463600000000);
CREATE TABLE over_limit_persons (
	instance_id TEXT NOT NULL, 
	marketo_id BIGINT NOT NULL, 
	skip_time BIGINT NOT NULL, 
	PRIMARY KEY (instance_id, marketo_id)
);
CREATE TABLE person_counts (
	instance_id TEXT NOT NULL, 
	qualification BIGINT NOT NULL, 
	person_count BIGINT NOT NULL, 
	PRIMARY KEY (instance_id, qualification)
);
INSERT INTO "person_counts" VALUES('acme',1,21);
CREATE TABLE persons (
	instance_id TEXT NOT NULL, 
	person_id TEXT NOT NULL, 
	marketo_id BIGINT NOT NULL, 
	first_name TEXT NOT NULL, 
	last_name TEXT NOT NULL, 
	email TEXT NOT NULL, 
	company TEXT NOT NULL, 
	title TEXT NOT NULL, 
	phone TEXT NOT NULL, 
	linkedin_url TEXT NOT NULL, 
	source TEXT NOT NULL, 
	salesforce_lead_id TEXT NOT NULL, 
	salesforce_contact_id TEXT NOT NULL, 
	salesforce_account_id TEXT NOT NULL, 
	salesforce_opportunity_id TEXT NOT NULL, 
	email_key TEXT NOT NULL, 
	search_text TEXT NOT NULL, 
	qualification BIGINT NOT NULL, 
	qualification_reason BIGINT NOT NULL, 
	revision BIGINT NOT NULL, 
	create_time BIGINT NOT NULL, 
	update_time BIGINT NOT NULL, 
	PRIMARY KEY (instance_id, person_id), 
	CONSTRAINT persons_by_marketo_id UNIQUE (instance_id, marketo_id)
);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0jpgz7k51vre8vm1r',1002,'Diego','Thomas','diego.thomas@anchornetworks.example','Anchor Networks & Co','Chief Technology Officer','+1 416 555 2522','https://linkedin.example/in/diego-thomas-779399','Advertisement','00Q8d0000000002EAA','','','','diego.thomas@anchornetworks.example',' diego thomas anchor networks & co diego.thomas@anchornetworks.example',1,0,1,1772463600000000,1772463600000000);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0jpgz7k51vre8vm1s',1003,'Jana','Bose','jana.bose@windelectronics.example','Wind Electronics GmbH','VP Finance','+45 33 55 9561','','Partner','','0038d0000000001AAA','0018d0000000001AAA','','jana.bose@windelectronics.example',' jana bose wind electronics gmbh jana.bose@windelectronics.example',1,0,1,1772463600000000,1772463600000000);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0jpgz7k51vre8vm1t',1004,'Jessica','Leroy','jessica.leroy@deltacapital.example','Delta Capital Group','Purchasing Officer','+61 2 5550 7564','https://linkedin.example/in/jessica-leroy-728780','Web','00Q8d0000000003EAA','','','','jessica.leroy@deltacapital.example',' jessica leroy delta capital group jessica.leroy@deltacapital.example',1,0,1,1772463600000000,1772463600000000);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0xnp2sqt5wcffr1ae',1005,'Gustavo','O''Brien','gustavo.obrien@anchornetworks.example','Anchor Networks & Co','Changed','+1 416 555 9391','https://linkedin.example/in/gustavo-obrien-277018','Other','00Q8d0000000004EAA','','','','gustavo.obrien@anchornetworks.example',' gustavo o''brien anchor networks & co gustavo.obrien@anchornetworks.example',1,0,2,1772463600000000,1772463690000000);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0xnp2sqt5wcffr1af',1006,'Bogdan','White','bogdan.white@deltacapital.example','Delta Capital Group','Controller','+61 2 5550 9897','https://linkedin.example/in/bogdan-white-955175','Web','00Q8d0000000005EAA','','','','bogdan.white@deltacapital.example',' bogdan white delta capital group bogdan.white@deltacapital.example',1,0,1,1772463600000000,1772463600000000);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0xnp2sqt5wcffr1ag',1007,'Julia','Chowdhury','julia.chowdhury@windelectronics.example','Wind Electronics GmbH','','+45 33 55 2051','https://linkedin.example/in/julia-chowdhury-062763','Advertisement','','0038d0000000002AAA','0018d0000000001AAA','','julia.chowdhury@windelectronics.example',' julia chowdhury wind electronics gmbh julia.chowdhury@windelectronics.example',1,0,1,1772463600000000,1772463600000000);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0xnp2sqt5wcffr1ah',1008,'Nils','Chowdhury','nils.chowdhury@anchornetworks.example','Anchor Networks & Co','Chief Technology Officer','+1 416 555 3503','https://linkedin.example/in/nils-chowdhury-246959','Word of mouth','00Q8d0000000006EAA','','','','nils.chowdhury@anchornetworks.example',' nils chowdhury anchor networks & co nils.chowdhury@anchornetworks.example',1,0,1,1772463600000000,1772463600000000);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0xnp2sqt5wcffr1aj',1009,'Mei','Demir','mei.demir@indigobiotech.example','Indigo Biotech Ltd','Security Officer','+47 22 55 5474','https://linkedin.example/in/mei-demir-109590','Employee Referral','00Q8d0000000007EAA','','','','mei.demir@indigobiotech.example',' mei demir indigo biotech ltd mei.demir@indigobiotech.example',1,0,1,1772463600000000,1772463600000000);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0xnp2sqt5wcffr1ak',1010,'Lena','Green','lena.green@deltacapital.example','Delta Capital Group','Consultant','+61 2 5550 4448','','Public Relations','00Q8d0000000008EAA','','','','lena.green@deltacapital.example',' lena green delta capital group lena.green@deltacapital.example',1,0,1,1772463600000000,1772463600000000);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0xnp2sqt5wcffr1am',1011,'Tomás','Åkesson','tomas.akesson@windelectronics.example','Wind Electronics GmbH','Project Lead','','https://linkedin.example/in/tomas-akesson-963146','Partner','','0038d0000000003AAA','0018d0000000001AAA','','tomas.akesson@windelectronics.example',' tomás åkesson wind electronics gmbh tomas.akesson@windelectronics.example',1,0,1,1772463600000000,1772463600000000);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0xnp2sqt5wcffr1an',1012,'Nora','Bell','nora.bell@anchornetworks.example','Anchor Networks & Co','Product Owner','+1 416 555 7617','https://linkedin.example/in/nora-bell-845624','Word of mouth','00Q8d0000000009EAA','','','','nora.bell@anchornetworks.example',' nora bell anchor networks & co nora.bell@anchornetworks.example',1,0,1,1772463600000000,1772463600000000);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0xnp2sqt5wcffr1ap',1013,'Enzo','Jackson','enzo.jackson@windelectronics.example','Wind Electronics GmbH','','+45 33 55 6076','https://linkedin.example/in/enzo-jackson-896122','Word of mouth','','0038d0000000004AAA','0018d0000000001AAA','','enzo.jackson@windelectronics.example',' enzo jackson wind electronics gmbh enzo.jackson@windelectronics.example',1,0,1,1772463600000000,1772463600000000);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0xnp2sqt5wcffr1aq',1014,'Pablo','Balogun','pablo.balogun@anchornetworks.example','Anchor Networks & Co','Director of Marketing','+1 416 555 4266','https://linkedin.example/in/pablo-balogun-589311','Seminar - Internal','00Q8d000000000AEAQ','','','','pablo.balogun@anchornetworks.example',' pablo balogun anchor networks & co pablo.balogun@anchornetworks.example',1,0,1,1772463600000000,1772463600000000);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0xnp2sqt5wcffr1ar',1015,'Elias','Gomes','elias.gomes@anchornetworks.example','Anchor Networks & Co','Controller','+1 416 555 7386','','','00Q8d000000000BEAQ','','','','elias.gomes@anchornetworks.example',' elias gomes anchor networks & co elias.gomes@anchornetworks.example',1,0,1,1772463600000000,1772463600000000);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0xnp2sqt5wcffr1as',1019,'Chen','Yilmaz','chen.yilmaz@windelectronics.example','Wind Electronics GmbH','Buyer','+45 33 55 4491','','','','0038d0000000005AAA','0018d0000000001AAA','','chen.yilmaz@windelectronics.example',' chen yilmaz wind electronics gmbh chen.yilmaz@windelectronics.example',1,0,1,1772463600000000,1772463600000000);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0xnp2sqt5wcffr1at',1020,'Andrea','Cohen','andrea.cohen@windelectronics.example','Wind Electronics GmbH','Architect','+45 33 55 5954','','Word of mouth','','0038d0000000006AAA','0018d0000000001AAA','','andrea.cohen@windelectronics.example',' andrea cohen wind electronics gmbh andrea.cohen@windelectronics.example',1,0,1,1772463600000000,1772463600000000);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0xnp2sqt5wcffr1av',1021,'Alejandra','Bianchi','alejandra.bianchi@windelectronics.example','Wind Electronics GmbH','Plant Director','+45 33 55 4039','https://linkedin.example/in/alejandra-bianchi-871148','Seminar - Partner','','0038d0000000007AAA','0018d0000000001AAA','','alejandra.bianchi@windelectronics.example',' alejandra bianchi wind electronics gmbh alejandra.bianchi@windelectronics.example',1,0,1,1772463600000000,1772463600000000);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0yyz0pccjppky48t6',1022,'Yasmin','Bakker','yasmin.bakker@windelectronics.example','Wind Electronics GmbH','Buyer','+45 33 55 3989','https://linkedin.example/in/yasmin-bakker-898322','','','0038d0000000008AAA','0018d0000000001AAA','','yasmin.bakker@windelectronics.example',' yasmin bakker wind electronics gmbh yasmin.bakker@windelectronics.example',1,0,1,1772463600000000,1772463600000000);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0yyz0pccjppky48t7',1023,'William','Sharma','william.sharma@deltacapital.example','Delta Capital Group','Chief Operating Officer','','https://linkedin.example/in/william-sharma-387646','Advertisement','00Q8d000000000CEAQ','','','','william.sharma@deltacapital.example',' william sharma delta capital group william.sharma@deltacapital.example',1,0,1,1772463600000000,1772463600000000);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0yyz0pccjppky48ta',1029,'Emeka','Kovács','emeka.kovacs@indigobiotech.example','Indigo Biotech Ltd','Head of Compliance','+47 22 55 4187','','Word of mouth','00Q8d000000000DEAQ','','','','emeka.kovacs@indigobiotech.example',' emeka kovács indigo biotech ltd emeka.kovacs@indigobiotech.example',1,0,1,1772463600000000,1772463600000000);
INSERT INTO "persons" VALUES('acme','p-01kjqh0cc0yyz0pccjppky48tb',1030,'Aisha','Bose','aisha.bose@deltacapital.example','Delta Capital Group','Director of Sales','+61 2 5550 6752','','External Referral','00Q8d000000000EEAQ','','','','aisha.bose@deltacapital.example',' aisha bose delta capital group aisha.bose@deltacapital.example',1,0,1,1772463600000000,1772463600000000);
CREATE TABLE quota_usage (
	instance_id TEXT NOT NULL, 
	system BIGINT NOT NULL, 
	day TEXT NOT NULL, 
	own_call_count BIGINT NOT NULL, 
	used_call_count BIGINT, 
	limit_call_count BIGINT, 
	PRIMARY KEY (instance_id, system, day)
);
INSERT INTO "quota_usage" VALUES('acme',1,'2026-03-02',20,NULL,NULL);
INSERT INTO "quota_usage" VALUES('acme',2,'2026-03-02',2,6,1000000000);
CREATE TABLE requests (
	instance_id TEXT NOT NULL, 
	method TEXT NOT NULL, 
	request_id TEXT NOT NULL, 
	fingerprint BLOB NOT NULL, 
	response BLOB NOT NULL, 
	create_time BIGINT NOT NULL, 
	PRIMARY KEY (instance_id, method, request_id)
);
INSERT INTO "requests" VALUES('acme','RecordUnsubscribe','once',X'3DB88E376A6487B6BBF596A3D0345BC3',X'0A3B747970652E676F6F676C65617069732E636F6D2F616374696F6E73796E632E76312E5265636F7264556E737562736372696265526573706F6E7365125E0A5C0A1C752D30316B6A71683063633079797A307063636A70706B793438747012226A6573736963612E6C65726F794064656C74616361706974616C2E6578616D706C651801220E546F6F206D616E79206D61696C73320608F0CB96CD06',1772463600000000);
CREATE TABLE seen_marketo_activities (
	instance_id TEXT NOT NULL, 
	marketo_guid TEXT NOT NULL, 
	seen_time BIGINT NOT NULL, 
	PRIMARY KEY (instance_id, marketo_guid)
);
INSERT INTO "seen_marketo_activities" VALUES('acme','100049',1772463690000000);
CREATE TABLE send_checks (
	instance_id TEXT NOT NULL, 
	check_id TEXT NOT NULL, 
	user_id TEXT NOT NULL, 
	channel BIGINT NOT NULL, 
	check_time BIGINT NOT NULL, 
	expire_time BIGINT NOT NULL, 
	verdicts TEXT NOT NULL, 
	PRIMARY KEY (instance_id, check_id)
);
INSERT INTO "send_checks" VALUES('acme','c-01kjqh0cc0yyz0pccjppky48tc','seller-1',1,1772463600000000,1772464500000000,'{"2e4dc74b97a6515d50066062": [1, 0]}');
CREATE TABLE settings (
	instance_id TEXT NOT NULL, 
	document TEXT NOT NULL, 
	revision BIGINT NOT NULL, 
	update_time BIGINT NOT NULL, 
	PRIMARY KEY (instance_id)
);
INSERT INTO "settings" VALUES('acme','{"marketo.stop_activities": true, "logging.log_emails": true, "logging.log_calls": true, "logging.log_as": "integration_user"}',2,1772464330000000);
CREATE TABLE settings_changes (
	instance_id TEXT NOT NULL, 
	change_id TEXT NOT NULL, 
	path TEXT NOT NULL, 
	old_value TEXT NOT NULL, 
	new_value TEXT NOT NULL, 
	user_id TEXT NOT NULL, 
	change_time BIGINT NOT NULL, 
	PRIMARY KEY (instance_id, change_id)
);
INSERT INTO "settings_changes" VALUES('acme','e-01kjqh0cc02wef9tp0hrg9vhmw','logging.log_emails','false','true','admin-1',1772463600000000);
INSERT INTO "settings_changes" VALUES('acme','e-01kjqh0cc0c305f6g6fvc85dx0','logging.log_calls','false','true','admin-1',1772463600000000);
INSERT INTO "settings_changes" VALUES('acme','e-01kjqh0cc0jpgz7k51vre8vm1n','logging.log_as','"seller"','"integration_user"','admin-1',1772463600000000);
INSERT INTO "settings_changes" VALUES('acme','e-01kjqhpn8grj4v7ktfz69s2xmv','marketo.stop_activities','false','true','admin-1',1772464330000000);
ANALYZE "sqlite_master";
INSERT INTO "sqlite_stat1" VALUES('alembic_version','sqlite_autoindex_alembic_version_1','1000000 1');
INSERT INTO "sqlite_stat1" VALUES('activities','activities_by_time','1000000 500000 1000 10');
INSERT INTO "sqlite_stat1" VALUES('activities','activities_by_person','1000000 500000 1000 1000 10');
INSERT INTO "sqlite_stat1" VALUES('activities','activities_by_mail','1000000 500000 1000 1000 10');
INSERT INTO "sqlite_stat1" VALUES('activities','sqlite_autoindex_activities_2','1000000 500000 1');
INSERT INTO "sqlite_stat1" VALUES('activities','sqlite_autoindex_activities_1','1000000 500000 1');
INSERT INTO "sqlite_stat1" VALUES('alerts','sqlite_autoindex_alerts_1','1000000 500000 1000 1');
INSERT INTO "sqlite_stat1" VALUES('changes','changes_by_kind','1000000 500000 1000 10');
INSERT INTO "sqlite_stat1" VALUES('connections','sqlite_autoindex_connections_1','1000000 500000 1000 1');
INSERT INTO "sqlite_stat1" VALUES('deliveries','deliveries_due','1000000 500000 1000 1000 10');
INSERT INTO "sqlite_stat1" VALUES('deliveries','deliveries_by_subject','1000000 500000 1000 10');
INSERT INTO "sqlite_stat1" VALUES('deliveries','deliveries_by_state','1000000 500000 1000 10');
INSERT INTO "sqlite_stat1" VALUES('deliveries','deliveries_by_sequence','1000000 500000 10');
INSERT INTO "sqlite_stat1" VALUES('deliveries','deliveries_by_person','1000000 500000 1000 1000 1000 10');
INSERT INTO "sqlite_stat1" VALUES('deliveries','sqlite_autoindex_deliveries_1','1000000 500000 1');
INSERT INTO "sqlite_stat1" VALUES('delivery_attempts','sqlite_autoindex_delivery_attempts_1','1000000 500000 1000 1');
INSERT INTO "sqlite_stat1" VALUES('initial_sync_chunks','sqlite_autoindex_initial_sync_chunks_1','1000000 500000 1000 1');
INSERT INTO "sqlite_stat1" VALUES('initial_syncs','sqlite_autoindex_initial_syncs_1','1000000 500000 1');
INSERT INTO "sqlite_stat1" VALUES('instances','sqlite_autoindex_instances_1','1000000 1');
INSERT INTO "sqlite_stat1" VALUES('over_limit_persons','sqlite_autoindex_over_limit_persons_1','1000000 500000 1');
INSERT INTO "sqlite_stat1" VALUES('person_counts','sqlite_autoindex_person_counts_1','1000000 500000 1');
INSERT INTO "sqlite_stat1" VALUES('persons','persons_by_update_time','1000000 500000 1000 10');
INSERT INTO "sqlite_stat1" VALUES('persons','persons_by_lead','1000000 500000 10');
INSERT INTO "sqlite_stat1" VALUES('persons','persons_by_email','1000000 500000 10');
INSERT INTO "sqlite_stat1" VALUES('persons','persons_by_contact','1000000 500000 10');
INSERT INTO "sqlite_stat1" VALUES('persons','sqlite_autoindex_persons_2','1000000 500000 1');
INSERT INTO "sqlite_stat1" VALUES('persons','sqlite_autoindex_persons_1','1000000 500000 1');
INSERT INTO "sqlite_stat1" VALUES('quota_usage','sqlite_autoindex_quota_usage_1','1000000 500000 1000 1');
INSERT INTO "sqlite_stat1" VALUES('requests','requests_by_time','1000000 1000');
INSERT INTO "sqlite_stat1" VALUES('requests','sqlite_autoindex_requests_1','1000000 500000 1000 1');
INSERT INTO "sqlite_stat1" VALUES('seen_marketo_activities','seen_by_time','1000000 500000 10');
INSERT INTO "sqlite_stat1" VALUES('seen_marketo_activities','sqlite_autoindex_seen_marketo_activities_1','1000000 500000 1');
INSERT INTO "sqlite_stat1" VALUES('send_checks','send_checks_by_time','1000000 500000 10');
INSERT INTO "sqlite_stat1" VALUES('send_checks','sqlite_autoindex_send_checks_1','1000000 500000 1');
INSERT INTO "sqlite_stat1" VALUES('settings','sqlite_autoindex_settings_1','1000000 1');
INSERT INTO "sqlite_stat1" VALUES('settings_changes','sqlite_autoindex_settings_changes_1','1000000 500000 1');
INSERT INTO "sqlite_stat1" VALUES('sync_cursors','sqlite_autoindex_sync_cursors_1','1000000 500000 1');
INSERT INTO "sqlite_stat1" VALUES('touched_leads','sqlite_autoindex_touched_leads_1','1000000 500000 1');
INSERT INTO "sqlite_stat1" VALUES('unsubscribe_events','unsubscribe_events_by_address','1000000 500000 1000 10');
INSERT INTO "sqlite_stat1" VALUES('unsubscribe_events','sqlite_autoindex_unsubscribe_events_1','1000000 500000 1');
INSERT INTO "sqlite_stat1" VALUES('unsubscribes','sqlite_autoindex_unsubscribes_2','1000000 500000 1');
INSERT INTO "sqlite_stat1" VALUES('unsubscribes','sqlite_autoindex_unsubscribes_1','1000000 500000 1');
INSERT INTO "sqlite_stat1" VALUES('users','sqlite_autoindex_users_1','1000000 500000 1');
CREATE TABLE sync_cursors (
	instance_id TEXT NOT NULL, 
	feed BIGINT NOT NULL, 
	marks TEXT NOT NULL, 
	progress_token TEXT NOT NULL, 
	progress_time BIGINT, 
	cursor_time BIGINT NOT NULL, 
	last_poll_time BIGINT, 
	error TEXT NOT NULL, 
	PRIMARY KEY (instance_id, feed)
);
INSERT INTO "sync_cursors" VALUES('acme',1,'[[1772462700000000, "KJF2RQHQU7BXEA5BRKETB2QVJT4TYIM2GZ7TC2JN3D55TTIFAQ======"], [1772463690000000, "DV2MXKEFQSJZY6WB4N6M5QR66WXKQLJRWPBMKT2N33WQSMHNS4======"], [1772463780000000, "UGXHTWA53XUMLYKGXJPH5B6VYB6EITMR4GDXBZR4HLCYM72FCI======"], [1772463870000000, "7PUDEJZ6BUUH7PGGPGTJAJ6GVN4N22RP4UZOP7C76ITYSYIVBM======"], [1772463960000000, "F2FVDFFT3AY5AFL6HDPKEXD4FIIHV63S6PQJJAPTSZ2X2EVFXU======"], [1772464050000000, "YQSZP4XHUKAQOAGZJANZZKW45SRULPN2R7TKXIKDQHWFCK2EYY======"], [1772464140000000, "3ZWVG2BUJPQXHJYS6ZBVG4JM7JJL3CT2DB7ZDJCUVROXAAAWT4======"], [1772464230000000, "YW66KYQUUGLBUAHYPXHTRX4SWC2DMXYIVKELYKCO7ZC2P6QB5Q======"], [1772464320000000, "MNYGUPT6LM73YUJAIVBGECRS3WXZQDSS6VYG3LTVR5F5SRNNU4======"]]','',NULL,1772464320000000,1772464320000000,'');
INSERT INTO "sync_cursors" VALUES('acme',2,'[[1772462700000000, "KJF2RQHQU7BXEA5BRKETB2QVJT4TYIM2GZ7TC2JN3D55TTIFAQ======"], [1772464200000000, "ASI3QACDA2DSUQN4TPJC5NLT6PITCME7XOONUQAO4R3YYQEC5Y======"]]','',NULL,1772464200000000,1772464200000000,'');
INSERT INTO "sync_cursors" VALUES('acme',3,'[[1772462700000000, "KJF2RQHQU7BXEA5BRKETB2QVJT4TYIM2GZ7TC2JN3D55TTIFAQ======"], [1772464200000000, "ASI3QACDA2DSUQN4TPJC5NLT6PITCME7XOONUQAO4R3YYQEC5Y======"]]','',NULL,1772464200000000,1772464200000000,'');
CREATE TABLE touched_leads (
	instance_id TEXT NOT NULL, 
	marketo_id BIGINT NOT NULL, 
	PRIMARY KEY (instance_id, marketo_id)
);
CREATE TABLE unsubscribe_events (
	instance_id TEXT NOT NULL, 
	event_id TEXT NOT NULL, 
	email_key TEXT NOT NULL, 
	unsubscribed BIGINT NOT NULL, 
	source BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	consent TEXT NOT NULL, 
	user_id TEXT NOT NULL, 
	event_time BIGINT NOT NULL, 
	PRIMARY KEY (instance_id, event_id)
);
INSERT INTO "unsubscribe_events" VALUES('acme','e-01kjqh0cc0yyz0pccjppky48tq','jessica.leroy@deltacapital.example',1,1,'Too many mails','','',1772463600000000);
CREATE TABLE unsubscribes (
	instance_id TEXT NOT NULL, 
	email_key TEXT NOT NULL, 
	unsubscribe_id TEXT NOT NULL, 
	source BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	user_id TEXT NOT NULL, 
	unsubscribe_time BIGINT NOT NULL, 
	PRIMARY KEY (instance_id, email_key), 
	CONSTRAINT unsubscribes_by_id UNIQUE (instance_id, unsubscribe_id)
);
INSERT INTO "unsubscribes" VALUES('acme','jessica.leroy@deltacapital.example','u-01kjqh0cc0yyz0pccjppky48tp',1,'Too many mails','',1772463600000000);
CREATE TABLE users (
	instance_id TEXT NOT NULL, 
	user_id TEXT NOT NULL, 
	email TEXT NOT NULL, 
	display_name TEXT NOT NULL, 
	salesforce_user_id TEXT NOT NULL, 
	role BIGINT NOT NULL, 
	time_zone TEXT NOT NULL, 
	bcc_logging BIGINT NOT NULL, 
	create_time BIGINT NOT NULL, 
	remove_time BIGINT, 
	PRIMARY KEY (instance_id, user_id)
);
INSERT INTO "users" VALUES('acme','seller-1','seller@example.com','','0058d0000000001AAA',3,'',0,1772463600000000,NULL);
CREATE INDEX activities_by_mail ON activities (instance_id, email_id, person_id, type);
CREATE INDEX activities_by_person ON activities (instance_id, person_id, activity_time, activity_id);
CREATE INDEX activities_by_time ON activities (instance_id, activity_time, activity_id);
CREATE INDEX changes_by_kind ON changes (instance_id, kind, change_number);
CREATE INDEX deliveries_by_person ON deliveries (instance_id, person_id, system, state, sequence);
CREATE INDEX deliveries_by_sequence ON deliveries (instance_id, sequence);
CREATE INDEX deliveries_by_state ON deliveries (instance_id, state, sequence);
CREATE INDEX deliveries_by_subject ON deliveries (instance_id, subject_kind, subject_id);
CREATE INDEX deliveries_due ON deliveries (instance_id, system, state, due_time);
CREATE INDEX persons_by_contact ON persons (instance_id, salesforce_contact_id);
CREATE INDEX persons_by_email ON persons (instance_id, email_key);
CREATE INDEX persons_by_lead ON persons (instance_id, salesforce_lead_id);
CREATE INDEX persons_by_update_time ON persons (instance_id, update_time, person_id);
CREATE INDEX requests_by_time ON requests (create_time);
CREATE INDEX seen_by_time ON seen_marketo_activities (instance_id, seen_time);
CREATE INDEX send_checks_by_time ON send_checks (instance_id, check_time);
CREATE INDEX unsubscribe_events_by_address ON unsubscribe_events (instance_id, email_key, event_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('changes',46);
COMMIT;
