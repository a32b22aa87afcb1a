"""Words that stand for one another when people ask about companies: everyday English beside that of reports.

General English only: no company, no product.
"""

from __future__ import annotations

# Any word of a line may stand for any other.
GROUPS: tuple[tuple[str, ...], ...] = tuple(
    tuple(line.split())
    for line in """
buy bought purchase acquire acquisition takeover
pay paid price cost spend spent expenditure expense
raise fund funding finance financed financing
employee staff headcount workforce people person personnel associate worker employ
customer client buyer purchaser
sell sold sale distribute market
revenue sale turnover
own hold possess
earn generate make
make maker manufacture produce
audit auditor accountant
locate headquarter headquarters headquartered office based
store shop outlet
competitor rival compete competition arch-rival
found founded establish incorporate inception
big largest biggest large main major principal primary
renew renewal retention
dependence dependent depend concentration concentrated reliance rely accounted
country nation
expire expiry terminate end
gas gasoline fuel
drug medicine pharmaceutical remedy
ship shipment freight transport
lawsuit litigation sue sued
abroad overseas foreign international
restaurant dining
worldwide global globe globally
cpu microprocessor processor
car automobile vehicle
supplier vendor
warehouse depot
deal agreement contract arrangement
licence license
website site online internet
""".strip().splitlines()
)

# For the word before the colon, one that somebody from outside would use, those of reports may stand; not the reverse.
EVERYDAY: dict[str, tuple[str, ...]] = {
    word: tuple(told.split())
    for line in """
club: membership member members
boss chief: president ceo chief executive officer director chairman
paycheck wages pay: employee salary wage payroll compensation
shopper: member customer consumer guest
money: revenue revenues sale sales fee fees charge charges earn earned income profit royalty commission price paid
audience viewer subscriber: member membership viewing subscriber user
earliest first initial: first original initial initially began
launch start begin kick: launched introduced opened began commenced entered established
swell grow expand climb soar: growth grew increase increased higher expanded
shrink fall drop sink: decline declined decrease decreased lower reduced reduction
fastest fast quickest: greatest highest rapid largest
peak busiest: peak highest greatest season seasonal
old: age aged average
stick stuck stay stayed stays: tenure renewal renew renewed retention remain
background: experience knowledge expertise history served
crossing borders border cross-border: import export international customs
help helps assist: services service performed provides support
chip: semiconductor chipset microprocessor
kid kids child: children pediatric
sneaker shoe trainers: footwear sneakers shoes
clothes clothing garment: apparel clothing
goods stuff merchandise: merchandise products goods
cap ceiling limit: maximum limit limited
yearly: annual annually year
town place: city
brand label: brand trademark trademarks
borrow borrowed borrowing owe owed: debt notes loan credit borrowings indebtedness payable
lender: bank lender credit
watchdog: regulator commission agency authority administration
worry danger threat: risk risks adversely
buyback buybacks: repurchase repurchases repurchased
owner investor: shareholder stockholder holders
plant: facility factory plant manufacturing
factory: plant facility manufacturing
phone: phones handsets mobile smartphone telephone
plane jet: aircraft airplanes
doctor physician: physicians prescribers dermatologists practitioners
illness sickness ailment: disease disorder condition
skin: skin dermatology dermatological
farmer: growers agricultural agriculture
quit left leave resigned: resigned turnover departure attrition
hire hired recruit: hiring recruit recruitment attract
charity: donations charitable contributions philanthropy foundation
pollution: emissions environmental
copy fake: counterfeit infringe
hacker hackers hacked: cybersecurity cyber breach attack incident
own owned owns: lease leased leases rent rented title
landlord rent rented renting: lease leased leases
land: acres property real
typical average: average
cheap cheaper: low lower discount
pricey expensive costly: premium high higher
offered offer: available provided offered
perk reward bonus: reward rewards bonus incentive
split divide divided: segments segment divisions operating
arm wing: segment division subsidiary unit
spin spun: spin-off separation distribution divested divestiture
offload offloaded unload: sold sale divested disposed
scrap scrapped axe axed: discontinued ceased terminated
shut closed close: closure closed closing
bankrupt broke: bankruptcy insolvent
school: education educational
ads ad advertising: advertising marketing promotional
union: union unions collective bargaining
trial: trials clinical studies
approve approved green-light: approval approved clearance
pledge promise commit: commitment committed goal
cash money: cash funds capital
""".strip().splitlines()
    for words, _, told in [line.partition(": ")]
    for word in words.split()
}
