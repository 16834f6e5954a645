"""Client and sandbox, compared with a simple model of an account.

After any calls in any order, the answers are those of the model.
"""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from mailkit_xmlrpc.sandbox import Sandbox

EMAILS = st.sampled_from([f"{name}@example.com" for name in ("ann", "bob", "cyd", "dan")])
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=8)
NOBODY = 10**6

# Starting a server for each example would take most of the time.
STEPS = settings(max_examples=max(5, settings().max_examples // 5), stateful_step_count=30, deadline=None)


class Account(RuleBasedStateMachine):
    """The model: lists by id; recipients by id, as list, address and name; who is unsubscribed; what was sent."""

    lists = Bundle("lists")
    campaigns = Bundle("campaigns")
    messages = Bundle("messages")

    def __init__(self):
        super().__init__()
        self.sandbox = Sandbox().start()
        self.mailkit = self.sandbox.client()
        self.names = {}
        self.people = {}
        self.out = set()
        self.sent = {}
        self.opened = {}

    def teardown(self):
        self.mailkit.close()
        self.sandbox.stop()

    def record(self, list_id, email):
        return next((id_ for id_, (where, who, _) in self.people.items() if (where, who) == (list_id, email)), None)

    # Mailing lists

    @initialize(target=lists)
    def first_list(self):
        return self.create("first")

    @initialize(target=campaigns)
    def first_campaign(self):
        return self.mailkit.campaigns.create(name="c", ID_allow_email=1).unwrap()

    @rule(target=lists, name=WORDS)
    def create_list(self, name):
        if name in self.names.values():
            assert self.mailkit.mailinglist.create(name).error == "Mailing list exist"
            return multiple()
        return self.create(name)

    def create(self, name):
        list_id = self.mailkit.mailinglist.create(name).unwrap()["data"]
        assert list_id not in self.names
        self.names[list_id] = name
        return list_id

    @rule(list_id=consumes(lists))
    def delete_list(self, list_id):
        assert self.mailkit.mailinglist.delete(list_id).ok
        del self.names[list_id]
        self.people = {id_: person for id_, person in self.people.items() if person[0] != list_id}
        assert self.mailkit.mailinglist.delete(list_id).error == "Invalid ID_user_list"

    # Recipients

    @rule(list_id=lists, email=EMAILS, name=WORDS)
    def add(self, list_id, email, name):
        answer = self.mailkit.mailinglist.adduser(list_id, email=email, first_name=name).unwrap()
        self.stored(list_id, email, name, answer)

    def stored(self, list_id, email, name, answer):
        known = self.record(list_id, email)
        statuses = {(False, False): 1, (True, False): 0, (False, True): 2, (True, True): 3}
        assert answer["status"] == statuses[known is not None, email in self.out]
        assert known in (None, answer["data"])
        self.people[answer["data"]] = (list_id, email, name)

    @rule(list_id=lists, people=st.dictionaries(EMAILS, WORDS, max_size=4))
    def import_many(self, list_id, people):
        new = sum(self.record(list_id, email) is None for email in people)
        rows = [{"email": email, "first_name": name} for email, name in people.items()]
        counts = self.mailkit.mailinglist.import_(list_id, rows).unwrap()
        assert (counts["count_all"], counts["count_new"], counts["count_bad"]) == (len(people), new, 0)
        for row in self.mailkit.mailinglist.getstatus(list_id).unwrap():
            if row["EMAIL"] in people:
                self.people[row["ID_EMAIL"]] = (list_id, row["EMAIL"], people[row["EMAIL"]])

    @rule(list_id=lists, email=EMAILS, name=WORDS)
    def edit(self, list_id, email, name):
        known = self.record(list_id, email)
        result = self.mailkit.mailinglist.edituser(list_id, email, first_name=name)
        assert result.ok == (known is not None)
        if known is not None:
            self.people[known] = (list_id, email, name)

    @rule(email=EMAILS)
    def unsubscribe(self, email):
        ids = [id_ for id_, (_, who, _) in self.people.items() if who == email]
        result = self.mailkit.email.unsubscribe(email)
        assert result.ok == bool(ids)
        if ids:
            assert result.value in ids
            self.out.add(email)

    @rule(email=EMAILS)
    def revalidate(self, email):
        possible = email in self.out and any(who == email for _, who, _ in self.people.values())
        assert self.mailkit.email.revalidate(email, agreement=True).ok == possible
        if possible:
            self.out.discard(email)

    @rule(source=lists, target_list=lists, email=EMAILS)
    def move(self, source, target_list, email):
        known = self.record(source, email)
        possible = known is not None and self.record(target_list, email) is None
        result = self.mailkit.email.move(known or NOBODY, target_list)
        assert result.ok == possible
        if possible:
            _, _, name = self.people.pop(known)
            found = [row["ID_EMAIL"] for row in self.mailkit.mailinglist.getstatus(target_list).unwrap()]
            (new,) = set(found) - set(self.people)
            self.people[new] = (target_list, email, name)

    @rule(email=EMAILS)
    def delete(self, email):
        ids = sorted(id_ for id_, (_, who, _) in self.people.items() if who == email)
        result = self.mailkit.email.delete(email)
        assert result.ok == bool(ids)
        assert (result.value or []) == ids
        for id_ in ids:
            del self.people[id_]

    # Messages

    @rule(target=messages, list_id=lists, campaign=campaigns, email=EMAILS, name=WORDS)
    def send(self, list_id, campaign, email, name):
        known = self.record(list_id, email)
        result = self.mailkit.sendmail(list_id, campaign, send_to=email, first_name=name)
        if email in self.out:
            assert (result.ok, result.error_status) == (False, 6 if known else 7)
            self.people[result.raw["data"]] = (list_id, email, name)
            return multiple()
        answer = result.unwrap()
        assert answer["status"] == (0 if known else 1)
        self.people[answer["data"]] = (list_id, email, name)
        self.sent[answer["data3"]] = answer["data2"]
        return answer["data3"]

    @rule(message=messages)
    def open(self, message):
        log = self.sandbox.open_message(message)
        assert log not in self.opened
        self.opened[log] = message

    # What must hold after each step

    @invariant()
    def lists_are_as_they_were_made(self):
        rows = self.mailkit.mailinglist.list().unwrap()
        assert {row["ID_USER_LIST"]: row["NAME"] for row in rows} == self.names

    @invariant()
    def recipients_are_where_they_were_put(self):
        for list_id in self.names:
            rows = list(self.mailkit.mailinglist.getstatus.rows(list_id, limit=2))
            shown = {row["ID_EMAIL"]: (list_id, row["EMAIL"], row["FIRST_NAME"]) for row in rows}
            assert shown == {id_: person for id_, person in self.people.items() if person[0] == list_id}
            for row in rows:
                assert (row["STATUS"] == "unsubscribe") == (row["EMAIL"] in self.out)

    @invariant()
    def reports_count_what_happened(self):
        raw = self.mailkit.report.raw
        assert {row["ID_send_message"]: row["ID_send"] for row in raw.messages.rows(limit=2)} == self.sent
        assert {row["ID_log"]: row["ID_send_message"] for row in raw.responses.rows(limit=3)} == self.opened
        for row in self.mailkit.report().unwrap():
            assert (row["SEND_COUNT"], row["READ_COUNT"]) == (len(self.sent), len(self.opened))
            assert row["READ_COUNT_U"] == len(set(self.opened.values()))


TestAccount = Account.TestCase
TestAccount.settings = STEPS
