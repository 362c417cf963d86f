"""The models of every room, in one place, so that there is one migration history.

Rooms import downwards only: statistics › incidents › people › places › areas › accounts › codes.
"""

from gis.accounts.account_session import AccountSession
from gis.accounts.client_system import ClientSystem
from gis.accounts.departments import Department
from gis.accounts.outside_identity import OutsideIdentity
from gis.accounts.postings import Posting
from gis.accounts.second_factor import RecoveryCode, SecondFactor
from gis.accounts.sign_in_rule import SignInRule
from gis.accounts.spent_code import SpentCode
from gis.accounts.token import Token
from gis.accounts.users import User
from gis.areas.area import Area
from gis.areas.cell import Cell, CellVersion, Lineage
from gis.areas.outline import AreaVersion
from gis.changes import Change
from gis.codes.entries import Code
from gis.collection.correction import Correction, CorrectionNotice
from gis.collection.fact import Collected, Fact
from gis.collection.field import Field, FieldChange
from gis.collection.form import Form, FormField, FormStep
from gis.collection.sharing.subscription import (
    Export,
    ShareChange,
    SharedRow,
    SubscribedField,
    Subscription,
    SubscriptionStep,
)
from gis.collection.sheets.sheet import Sheet, SheetColumns, SheetRow
from gis.collection.submission import Submission
from gis.commons.bulletin import Bulletin
from gis.commons.community_wish import CommunityWish
from gis.commons.consultation import Consultation, Reply
from gis.commons.neighbour import Neighbour
from gis.hotline.hotline_file import HotlineColumns, HotlineFile, HotlineKind, HotlineRow
from gis.incidents.assignment import Assignment
from gis.incidents.attachment import Attachment
from gis.incidents.category import Category
from gis.incidents.category_change import CategoryChange
from gis.incidents.changes import IncidentChange
from gis.incidents.incident import Incident
from gis.incidents.limits import StageLimit
from gis.incidents.mediation.dispute import Dispute, DisputeLook, DisputeMeeting, DisputeParty
from gis.incidents.pairs import Pair, PairNews
from gis.incidents.public_photo import PublicPhoto
from gis.incidents.publication import Publication
from gis.incidents.reminders.alarm import Alarm
from gis.incidents.reminders.notice import Notice, NoticeSetting
from gis.incidents.residents.allowance import Allowance
from gis.incidents.residents.plate import DoorPlate
from gis.incidents.residents.reporter import Follow, Rating, Reporter
from gis.incidents.routing.rule import RoutingRule, RoutingTable
from gis.incidents.saved_filter import SavedFilter
from gis.incidents.step import Step
from gis.incidents.webhooks.webhook import Delivery, DeliveryTry, Webhook
from gis.organisations.check import OrganisationCheck
from gis.organisations.organisation import Organisation
from gis.people.gone import Gone, PastStays
from gis.people.household import Household, Residence
from gis.people.life.event import LifeEvent, LifeEventWithdrawal
from gis.people.merge import Merge
from gis.people.need import Need
from gis.people.reading import Reading
from gis.people.resident import Resident
from gis.people.visit import Visit, VisitDue, VisitWithdrawal
from gis.places.alias import PlaceAlias
from gis.places.blocks import Block, BlockChange
from gis.places.building import Building, Compound, Dwelling
from gis.places.component import Component
from gis.places.door_note import DoorNote
from gis.places.landscape import Ground, Way
from gis.places.search.changes import AddressChange
from gis.places.service.point import ServicePoint
from gis.places.service.proposal import Proposal
from gis.planning.plan import Plan, PlanNote, PlanSnapshot, PlanStep
from gis.planning.preparing import PlanOpening
from gis.planning.presence import PlanPresence
from gis.planning.proposals.plan_proposal import PlanProposal
from gis.planning.publishing.redrawing import PlanNotice, PublicationOrder, Redrawing
from gis.planning.sheet import PlanSheet
from gis.planning.talking import PlanReading
from gis.reports.report import Report, ReportAct
from gis.retiring.hold import Hold, Retired
from gis.risk.weighting import RiskWeighting
from gis.risk.worth import Forecast
from gis.statistics.figures import Births, Figures

__all__ = [
    "AccountSession",
    "AddressChange",
    "Alarm",
    "Allowance",
    "Area",
    "AreaVersion",
    "Assignment",
    "Attachment",
    "Births",
    "Block",
    "BlockChange",
    "Building",
    "Bulletin",
    "Category",
    "CategoryChange",
    "Cell",
    "CellVersion",
    "Change",
    "ClientSystem",
    "Code",
    "Collected",
    "CommunityWish",
    "Component",
    "Compound",
    "Consultation",
    "Correction",
    "CorrectionNotice",
    "Delivery",
    "DeliveryTry",
    "Department",
    "Dispute",
    "DisputeLook",
    "DisputeMeeting",
    "DisputeParty",
    "DoorNote",
    "DoorPlate",
    "Dwelling",
    "Export",
    "Fact",
    "Field",
    "FieldChange",
    "Figures",
    "Follow",
    "Forecast",
    "Form",
    "FormField",
    "FormStep",
    "Gone",
    "Ground",
    "Hold",
    "HotlineColumns",
    "HotlineFile",
    "HotlineKind",
    "HotlineRow",
    "Household",
    "Incident",
    "IncidentChange",
    "LifeEvent",
    "LifeEventWithdrawal",
    "Lineage",
    "Merge",
    "Need",
    "Neighbour",
    "Notice",
    "NoticeSetting",
    "Organisation",
    "OrganisationCheck",
    "OutsideIdentity",
    "Pair",
    "PairNews",
    "PastStays",
    "PlaceAlias",
    "Plan",
    "PlanNote",
    "PlanNotice",
    "PlanOpening",
    "PlanPresence",
    "PlanProposal",
    "PlanReading",
    "PlanSheet",
    "PlanSnapshot",
    "PlanStep",
    "Posting",
    "Proposal",
    "PublicPhoto",
    "Publication",
    "PublicationOrder",
    "Rating",
    "Reading",
    "RecoveryCode",
    "Redrawing",
    "Reply",
    "Report",
    "ReportAct",
    "Reporter",
    "Residence",
    "Resident",
    "Retired",
    "RiskWeighting",
    "RoutingRule",
    "RoutingTable",
    "SavedFilter",
    "SecondFactor",
    "ServicePoint",
    "ShareChange",
    "SharedRow",
    "Sheet",
    "SheetColumns",
    "SheetRow",
    "SignInRule",
    "SpentCode",
    "StageLimit",
    "Step",
    "Submission",
    "SubscribedField",
    "Subscription",
    "SubscriptionStep",
    "Token",
    "User",
    "Visit",
    "VisitDue",
    "VisitWithdrawal",
    "Way",
    "Webhook",
]
