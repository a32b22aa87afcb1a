"""The words that a sentence hangs on: left out, what stands beside them says something else."""

from __future__ import annotations

# Without these a clause says something else.
GUARDED = frozenset(
    "not no never none nor neither without cannot hardly barely unable failed fails fail failure refused ceased except "
    "may might could would should can will must likely unlikely possibly "
    "some all most many few each every only certain several half part partly substantially "
    "former formerly previously historically generally typically primarily mainly mostly principally "
    "plan plans planned intend intends intended expect expects expected believe believes seek seeks hope hopes "
    "aim aims propose proposed agreed anticipate anticipates estimate estimates estimated attempt attempts potential "
    "less than least up under below nearly almost approximately about over more fewer above minimum maximum "
    "exceed allegedly reportedly purportedly supposedly apparently presumably arguably seemingly theoretically "
    "hypothetically usually normally ordinarily largely often sometimes occasionally frequently rarely seldom scarcely "
    "solely exclusively partially temporarily provisionally tentatively conditionally initially originally indirectly "
    "jointly annually quarterly monthly weekly daily hourly".split()
)
# A condition changes what stands beside it even from a clause of its own; so does whose word it is.
CONDITIONS = frozenset(
    "if unless until provided-that assuming excluding except exclusive besides other-than apart-from net-of "
    "as-long-as in-the-event subject-to according-to as-we-think save-for barring without".split()
)
# What opens a sentence and says where, when or of what the rest is true; and what only leads over to it.
RESTRICTS = frozenset(
    "in on at for under among through with within across outside throughout of between together before after during "
    "upon once when following prior measured based had were should".split()
)
GOES_ON = frozenset(
    "addition example instance particular general fact turn contrast regard order connection response "
    "conjunction".split()
)
# What comes true only where its opening does.
COMES_TRUE_WHERE = frozenset("upon once when after following under had were should".split())
YET_TO_COME = frozenset("will would shall".split())
RANKS = frozenset("largest biggest greatest highest lowest smallest fastest oldest best leading first sole".split())
# What opens a sentence that is true of some time alone; and what a report tells anyway, its own year and quarters.
NOT_ALWAYS = frozenset("during while throughout".split())
PERIODS = frozenset("year years quarter quarters month months period periods fiscal".split())
ENDED = frozenset("before prior".split())
# Through whom something is had or done, and that they are not the company's alone.
OTHER_HANDS = frozenset("through via".split())
SHARED = frozenset("joint jointly majority minority partly partially affiliate affiliates".split())
TOGETHER = frozenset("together-with along-with jointly-with as-well-as".split())
OWN_HANDS = frozenset("subsidiary subsidiaries".split())
# What an aside takes back of the sentence that it stands in.
UNDONE = frozenset(
    "appeal appealed appealing revoked rescinded suspended withdrawn cancelled canceled disputed contested overturned "
    "reversed expired lapsed".split()
)
ADVERSE = frozenset("but although though however albeit".split())
ONLY_SO_FAR = frozenset("only extent limited solely".split())
MEASURED_BEFORE = frozenset("before after less including excluding gross net".split())
UNDECIDED = frozenset("will would shall may might could plan plans intend intends expect expects".split())
RANKED_BY = frozenset("by measured based among within outside excluding in".split())
SOME = frozenset("some certain most many few several part parts half".split())
OPINES = frozenset("believe believes think thinks expect expects estimate estimates understand understands".split())
