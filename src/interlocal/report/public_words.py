"""What stands on a public page around the study: headings, forms, errors, and the rules by which comments are shown.

The rules are published beside every page. A comment is shown whole or not at all; nobody edits it.
"""

from __future__ import annotations

from collections.abc import Mapping

from interlocal.report.language import _

SHORTEST, LONGEST, LONGEST_NAME = 10, 3_000, 80
"""Characters of a resident's comment and name."""


def rules() -> Mapping[str, tuple[str, str]]:
    """Return the rules under which a comment is not shown: by id a name and what it means, in the language spoken now."""
    return {
        "private": (_("Private facts"), _("It tells private facts about a person: an address, a phone number, health, family. Or it accuses a named person who is not an elected official.")),
        "insult": (_("Insult or threat"), _("It insults or threatens somebody, or speaks ill of people for what they are.")),
        "off_topic": (_("Another subject"), _("It is not about this service or about sharing it.")),
        "advertising": (_("Advertising"), _("It sells something, or was sent by a machine.")),
        "repeated": (_("Sent twice"), _("The same text by the same person stands here already.")),
        "unlawful": (_("Against the law"), _("The law forbids publishing it.")),
        "unreadable": (_("Cannot be read"), _("It is empty of sense: stray letters, or a text cut off.")),
    }  # fmt: skip


def principles() -> tuple[str, ...]:
    """Return what holds for every decision about a comment."""
    return (
        _("Every comment is read by a person before it is shown."),
        _("Disagreeing, criticising a government or asking a hard question is never a reason not to show a comment."),
        _("A comment is shown whole, as it was written, or not at all."),
        _("The page says how many comments are not shown, and under which rule."),
        _("Each decision is written down with its reason, who made it and when. The people in charge of the case can read these notes and look at a decision again."),
        _("We ask for no account, no address and no phone number. A name is your choice."),
    )  # fmt: skip


def problem(name: str) -> tuple[str, str]:
    """Return what is wrong with a comment and how to mend it, in the language spoken now."""
    return {
        "empty": (_("Your comment is empty."), _("Write what you want to say.")),
        "short": (_("Your comment is very short."), _("Write at least {n} characters.").format(n=SHORTEST)),
        "long": (_("Your comment is too long."), _("Keep it under {n} characters, or send it in two parts.").format(n=f"{LONGEST:,}")),
        "name": (_("The name is too long."), _("Keep it under {n} characters.").format(n=LONGEST_NAME)),
        "trap": (_("A hidden field was filled in."), _("A program may have done it. Send the form once more.")),
        "fast": (_("The form came back very fast."), _("Programs do that. Wait a few seconds, then send it once more.")),
        "old": (_("The form was open for a long time."), _("Your text is kept below. Send it once more.")),
        "elsewhere": (_("The form was sent by a page of another site."), _("Read below what it says. If you want to say this, send it from here.")),
        "full": (_("Many comments wait to be read at the moment."), _("Keep your text, and send it in some days.")),
        "many": (_("Many comments came from your connection in a short time."), _("Your text is kept below. Wait some minutes, then send it once more.")),
    }[name]  # fmt: skip


def page() -> Mapping[str, str]:
    """Return the fixed texts of the public pages in the language spoken now."""
    return {
        "skip": _("Skip to main content"),
        "all_cases": _("Public cases"),
        "draft": _("This translation is a draft. No speaker has reviewed it yet. What the partners wrote themselves stands as they wrote it."),
        "languages": _("Language"),
        "list_lead": _("Here local governments show what they are deciding together, and residents say what they think."),
        "list_empty": _("No case is public at the moment. When a government publishes one, it stands here: what is asked, what is known, and how to have a say."),
        "published_by": _("Published by {organisation}"),
        "edition": _("Edition {n} of {day}"),
        "from_revision": _("From revision {n} of the case, which stands as of {day}."),
        "behind": _("The case had changed since when this was published; the study has not been made anew."),
        "on_page": _("On this page"),
        "same_as_table": _("The same as a table"),
        "table": _("Table: {caption}"),
        "documents": _("Documents"),
        "dates": _("Dates"),
        "no_dates": _("No dates have been set."),
        "past": _("past"),
        "take_part": _("How to take part"),
        "comment_open": _("Write a comment until {day}. You need no account."),
        "comment_open_always": _("Write a comment. You need no account."),
        "comment_from": _("Comments can be written from {day} on."),
        "comment_closed": _("The time for comments ended on {day}."),
        "comment_none": _("No comments are taken on this page."),
        "comment_write": _("Write a comment"),
        "feed_says": _("Follow this page in a feed reader: new editions, dates and answers."),
        "feed": _("Feed"),
        "rules": _("Rules for comments"),
        "rules_lead": _("A comment is not shown when one of these is true:"),
        "rules_hold": _("What holds for every comment"),
        "comments": _("Comments from residents"),
        "comments_none": _("No comment is shown yet."),
        "older": _("Older comments"),
        "newer": _("Newer comments"),
        "comment_number": _("Comment {n}"),
        "no_name": _("without a name"),
        "answer_by": _("Answer by {speaker}"),
        "facilitator": _("the facilitator"),
        "answer_taken_back": _("An answer of {day} was taken back on {gone}."),
        "no_answer": _("No answer yet."),
        "shown_count": _("Shown: {n}. Waiting to be read: {waiting}."),
        "not_shown_count": _("Not shown: {n}."),
        "leaves_out": _("What this page leaves out"),
        "leaves_out_lead": _("Never shown on a public page:"),
        "leaves_out_study": _("In this study, kept by whoever entered it:"),
        "leaves_out_chosen": _("Left out by {organisation}, which gives this reason: {why}"),
        "leaves_out_pieces": _("{title}: pieces left out: {n}."),
        "leaves_out_parts": _("Parts of the study that were not chosen: {titles}."),
        "editions": _("Editions of this page"),
        "editions_lead": _("The page never changes silently: each change is a new edition."),
        "edition_now": _("the one you read"),
        "edition_first": _("The first edition."),
        "edition_gone": _("This edition was taken down on {day}. The reason given: {why}"),
        "edition_old": _("You read edition {n} of {day}. It is not the latest."),
        "edition_latest": _("Go to the latest edition"),
        "stub_title": _("This page was taken down"),
        "stub": _("“{title}” was public here from {since} to {until}. {organisation} took it down."),
        "stub_why": _("The reason given:"),
        "stub_nothing": _("Nothing of it is shown any more."),
        "case_deleted": _("The case was deleted from the workbench."),
        "form_lead": _("Comment on “{title}”. Your comment is shown once a person has read it."),
        "form_text": _("Your comment"),
        "form_text_hint": _("At most {n} characters. Write nothing private about yourself or others.").format(n=f"{LONGEST:,}"),
        "form_name": _("Your name, if you want it shown"),
        "form_name_hint": _("You can leave this empty."),
        "form_trap": _("Leave this field empty"),
        "form_privacy": _("We keep what you write, the name you give and the day. We set no cookie and keep no address. Against floods we count the comments of a connection for ten minutes, by a scrambled sign in place of its address."),
        "form_send": _("Send the comment"),
        "form_errors_one": _("One thing needs mending"),
        "form_errors_many": _("{n} things need mending"),
        "form_kept": _("What you wrote is kept."),
        "back": _("Back to the page"),
        "thanks_title": _("Thank you"),
        "thanks": _("Your comment has arrived as number {n}. A person reads it by the rules before it is shown."),
        "footer": _("Made with Interlocal."),
        "accessibility": _("Accessibility"),
        "changed_added": _("New part: {title}."),
        "changed_gone": _("Part taken out: {title}."),
        "changed_part": _("Changed part: {title}."),
        "changed_headline": _("The summary changed."),
        "changed_documents": _("The documents changed."),
        "changed_dates": _("The dates changed."),
        "changed_comments": _("The time for comments changed."),
        "changed_take_part": _("How to take part changed."),
        "changed_revision": _("The study is from revision {n} now; it was from revision {before}."),
        "feed_title": _("{title}: what is new"),
        "feed_edition": _("Edition {n}"),
        "feed_date": _("Date: {day}"),
        "feed_answer": _("Answer to comment {n}"),
        "feed_gone": _("Taken down"),
        "listed_open": _("Comments can be written until {day}."),
        "listed_open_always": _("Comments can be written."),
        "edition_stub_title": _("This edition was taken down"),
        "answers_count": _("Answered: {n} of {shown}. Days until an answer: {days} in the middle."),
    }  # fmt: skip
