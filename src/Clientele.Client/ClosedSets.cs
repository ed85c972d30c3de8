namespace Clientele.Client;

/// <summary>What an address is for.</summary>
public static class AddressType
{
    /// <summary>For invoices.</summary>
    public const string Billing = "billing";

    /// <summary>For deliveries.</summary>
    public const string Shipping = "shipping";
}

/// <summary>What a bulk job does with each customer.</summary>
public static class BulkAction
{
    /// <summary>Adds tags.</summary>
    public const string AddTags = "add_tags";

    /// <summary>Removes tags.</summary>
    public const string RemoveTags = "remove_tags";

    /// <summary>Adds the customer to a group, by hand.</summary>
    public const string AddToGroup = "add_to_group";

    /// <summary>Removes the customer from a group, by hand.</summary>
    public const string RemoveFromGroup = "remove_from_group";

    /// <summary>Gives the VIP status.</summary>
    public const string MakeVip = "make_vip";

    /// <summary>Removes the VIP status.</summary>
    public const string RemoveVip = "remove_vip";
}

/// <summary>The state of a bulk job.</summary>
public static class BulkJobState
{
    /// <summary>Not begun yet.</summary>
    public const string Waiting = "waiting";

    /// <summary>Some customers are done.</summary>
    public const string Running = "running";

    /// <summary>All customers are done.</summary>
    public const string Done = "done";

    /// <summary>The job could not go on; its <c>reason</c> says why. Customers who were done stay as they are.</summary>
    public const string Failed = "failed";

    /// <summary>Somebody has cancelled the job. Customers who were done stay as they are.</summary>
    public const string Cancelled = "cancelled";
}

/// <summary>How a session began.</summary>
public static class SignInMethod
{
    /// <summary>With the password alone.</summary>
    public const string Password = "password";

    /// <summary>With the password and a second factor.</summary>
    public const string PasswordAndFactor = "password_and_factor";

    /// <summary>With a passkey.</summary>
    public const string Passkey = "passkey";
}

/// <summary>The status of an order.</summary>
public static class OrderStatus
{
    /// <summary>Not paid yet.</summary>
    public const string Pending = "pending";

    /// <summary>Paid.</summary>
    public const string Paid = "paid";

    /// <summary>Being prepared.</summary>
    public const string Processing = "processing";

    /// <summary>On its way.</summary>
    public const string Shipped = "shipped";

    /// <summary>Delivered.</summary>
    public const string Delivered = "delivered";

    /// <summary>Cancelled.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>A part of the total was refunded.</summary>
    public const string PartiallyRefunded = "partially_refunded";

    /// <summary>The whole total was refunded.</summary>
    public const string Refunded = "refunded";
}

/// <summary>The state of the evaluation of a group's rule.</summary>
public static class GroupState
{
    /// <summary>Customers are being evaluated for the first time, or again after a change of the rule.</summary>
    public const string Building = "building";

    /// <summary>All customers were evaluated, and later changes follow.</summary>
    public const string Ready = "ready";

    /// <summary>The rule cannot be evaluated.</summary>
    public const string Error = "error";
}

/// <summary>Why a customer is or is not in a group.</summary>
public static class MemberOrigin
{
    /// <summary>The rule decided.</summary>
    public const string Rule = "rule";

    /// <summary>Added by hand.</summary>
    public const string Included = "included";

    /// <summary>Removed by hand.</summary>
    public const string Excluded = "excluded";

    /// <summary>The rule decided before it was switched off.</summary>
    public const string Kept = "kept";
}

/// <summary>Whether a customer entered a group or left it.</summary>
public static class GroupChangeKind
{
    /// <summary>The customer entered the group.</summary>
    public const string Entered = "entered";

    /// <summary>The customer left the group.</summary>
    public const string Left = "left";
}

/// <summary>Why a customer entered or left a group.</summary>
public static class GroupChangeCause
{
    /// <summary>An admin added, removed or reset the customer.</summary>
    public const string ByHand = "by_hand";

    /// <summary>The rule changed, or all customers were evaluated.</summary>
    public const string Rule = "rule";

    /// <summary>Time has passed.</summary>
    public const string Clock = "clock";

    /// <summary>The members of another group changed.</summary>
    public const string Group = "group";

    /// <summary>The customer registered.</summary>
    public const string Registered = "registered";

    /// <summary>The customer was erased.</summary>
    public const string Erased = "erased";

    /// <summary>The profile changed.</summary>
    public const string Profile = "profile";

    /// <summary>An order changed.</summary>
    public const string Order = "order";

    /// <summary>The points changed.</summary>
    public const string Points = "points";

    /// <summary>The tier changed.</summary>
    public const string Tier = "tier";

    /// <summary>An address changed.</summary>
    public const string Address = "address";

    /// <summary>A review changed.</summary>
    public const string Review = "review";

    /// <summary>The wishlist changed.</summary>
    public const string Wishlist = "wishlist";

    /// <summary>The customer signed in.</summary>
    public const string Login = "login";
}

/// <summary>What gives a benefit.</summary>
public static class BenefitSourceType
{
    /// <summary>The loyalty tier.</summary>
    public const string Tier = "tier";

    /// <summary>A group.</summary>
    public const string Group = "group";
}

/// <summary>The kind of an entry of the ledger.</summary>
public static class LoyaltyEntryKind
{
    /// <summary>An order earned points.</summary>
    public const string Earn = "earn";

    /// <summary>An admin added or took away points.</summary>
    public const string Adjust = "adjust";

    /// <summary>The customer spent points.</summary>
    public const string Redeem = "redeem";

    /// <summary>A redemption was taken back.</summary>
    public const string Reverse = "reverse";

    /// <summary>Points expired.</summary>
    public const string Expire = "expire";

    /// <summary>Points became available.</summary>
    public const string Release = "release";

    /// <summary>Points were lost.</summary>
    public const string Forfeit = "forfeit";
}

/// <summary>What an entry of the ledger comes from.</summary>
public static class LoyaltySourceType
{
    /// <summary>An order.</summary>
    public const string Order = "order";

    /// <summary>An adjustment by an admin.</summary>
    public const string Adjustment = "adjustment";

    /// <summary>A redemption without a particular order.</summary>
    public const string Redemption = "redemption";

    /// <summary>Another entry, which is reversed, or whose points are released or expire.</summary>
    public const string Entry = "entry";

    /// <summary>The erasure of the customer.</summary>
    public const string Erasure = "erasure";
}

/// <summary>The state of a lot of points.</summary>
public static class LotState
{
    /// <summary>Held back until the return period is over.</summary>
    public const string Pending = "pending";

    /// <summary>Can be spent.</summary>
    public const string Active = "active";

    /// <summary>Nothing is left.</summary>
    public const string Closed = "closed";
}

/// <summary>Who made a change.</summary>
public static class ActorRole
{
    /// <summary>The customer.</summary>
    public const string Customer = "customer";

    /// <summary>An admin.</summary>
    public const string Admin = "admin";

    /// <summary>Another system of the shop, with an API key.</summary>
    public const string Key = "key";

    /// <summary>Somebody who was not signed in.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>A command of the service.</summary>
    public const string CommandLine = "command_line";
}

/// <summary>A kind of second factor.</summary>
public static class FactorKind
{
    /// <summary>A code of an authenticator app.</summary>
    public const string Totp = "totp";

    /// <summary>A passkey.</summary>
    public const string Passkey = "passkey";

    /// <summary>A recovery code.</summary>
    public const string RecoveryCode = "recovery_code";
}

/// <summary>A consent that a customer may give.</summary>
public static class ConsentName
{
    /// <summary>Marketing by e-mail.</summary>
    public const string AcceptsMarketingEmail = "accepts_marketing_email";

    /// <summary>Marketing by SMS.</summary>
    public const string AcceptsMarketingSms = "accepts_marketing_sms";
}

/// <summary>The health of a node.</summary>
public static class HealthStatus
{
    /// <summary>The process runs.</summary>
    public const string Alive = "alive";

    /// <summary>The node can serve requests.</summary>
    public const string Ready = "ready";
}

/// <summary>When an order earns points.</summary>
public static class EarnMoment
{
    /// <summary>As soon as it is paid.</summary>
    public const string Counts = "counts";

    /// <summary>When it is delivered.</summary>
    public const string Delivered = "delivered";
}

/// <summary>Why an order of a batch failed.</summary>
public static class OrderFailureCode
{
    /// <summary>The order is not valid.</summary>
    public const string ValidationFailed = "validation_failed";

    /// <summary>There is no such customer.</summary>
    public const string CustomerUnknown = "customer_unknown";

    /// <summary>The order belongs to another customer.</summary>
    public const string CustomerChanged = "customer_changed";
}

/// <summary>What a message to a customer is about.</summary>
public static class MessageTemplate
{
    /// <summary>Proves an e-mail address.</summary>
    public const string VerifyEmail = "verify_email";

    /// <summary>Lets the customer set a new password.</summary>
    public const string ResetPassword = "reset_password";

    /// <summary>The password has changed.</summary>
    public const string PasswordChanged = "password_changed";

    /// <summary>The e-mail address has changed.</summary>
    public const string EmailChanged = "email_changed";

    /// <summary>A sign-in from a new network and client.</summary>
    public const string NewSignIn = "new_sign_in";

    /// <summary>A second factor was added, removed or used up.</summary>
    public const string FactorsChanged = "factors_changed";

    /// <summary>Proves a phone number.</summary>
    public const string PhoneCode = "phone_code";
}

/// <summary>How a message reaches its recipient.</summary>
public static class MessageChannel
{
    /// <summary>By e-mail.</summary>
    public const string Mail = "mail";

    /// <summary>By SMS.</summary>
    public const string Sms = "sms";
}

/// <summary>What has become of a message.</summary>
public static class MessageState
{
    /// <summary>The service tries to send it.</summary>
    public const string Pending = "pending";

    /// <summary>The next server has accepted it.</summary>
    public const string Sent = "sent";

    /// <summary>It could not be sent, and the service has given up.</summary>
    public const string Failed = "failed";
}

/// <summary>What has become of the delivery of an event.</summary>
public static class WebhookDeliveryState
{
    /// <summary>The service tries to deliver it.</summary>
    public const string Waiting = "waiting";

    /// <summary>The receiver has accepted it.</summary>
    public const string Delivered = "delivered";

    /// <summary>The receiver has not accepted it for three days, and the service has given up.</summary>
    public const string GivenUp = "given_up";
}
