namespace Clientele.Client;

/// <summary>What was done to a customer, in the audit trail.</summary>
public static class AuditAction
{
    /// <summary>The customer has registered.</summary>
    public const string CustomerRegistered = "customer.registered";

    /// <summary>Members of the profile were changed.</summary>
    public const string CustomerUpdated = "customer.updated";

    /// <summary>Tags were added or removed.</summary>
    public const string CustomerTagged = "customer.tagged";

    /// <summary>An admin has verified the account.</summary>
    public const string CustomerVerified = "customer.verified";

    /// <summary>The VIP status was given or removed.</summary>
    public const string CustomerVipChanged = "customer.vip_changed";

    /// <summary>The account was deactivated.</summary>
    public const string CustomerDeactivated = "customer.deactivated";

    /// <summary>The account was reactivated.</summary>
    public const string CustomerReactivated = "customer.reactivated";

    /// <summary>Everything that is stored was exported.</summary>
    public const string CustomerExported = "customer.exported";

    /// <summary>The customer was erased.</summary>
    public const string CustomerErased = "customer.erased";

    /// <summary>An address was added.</summary>
    public const string AddressCreated = "address.created";

    /// <summary>An address was changed.</summary>
    public const string AddressUpdated = "address.updated";

    /// <summary>An address has become the default of its type.</summary>
    public const string AddressMadeDefault = "address.made_default";

    /// <summary>An address was deleted.</summary>
    public const string AddressDeleted = "address.deleted";

    /// <summary>The customer was added to a group by hand.</summary>
    public const string MembershipAdded = "membership.added";

    /// <summary>The customer was removed from a group by hand.</summary>
    public const string MembershipRemoved = "membership.removed";

    /// <summary>A decision by hand about a group was discarded.</summary>
    public const string MembershipReset = "membership.reset";

    /// <summary>Points were added or taken by hand.</summary>
    public const string LoyaltyPointsAdjusted = "loyalty.points_adjusted";

    /// <summary>Points were spent.</summary>
    public const string LoyaltyPointsRedeemed = "loyalty.points_redeemed";

    /// <summary>Spent points were given back.</summary>
    public const string LoyaltyRedemptionReversed = "loyalty.redemption_reversed";

    /// <summary>The loyalty tier was set or locked by hand.</summary>
    public const string LoyaltyTierUpdated = "loyalty.tier_updated";

    /// <summary>The password was changed.</summary>
    public const string AccountPasswordChanged = "account.password_changed";

    /// <summary>An authenticator app was set up.</summary>
    public const string AccountTotpEnabled = "account.totp_enabled";

    /// <summary>The authenticator app was removed.</summary>
    public const string AccountTotpRemoved = "account.totp_removed";

    /// <summary>A recovery code was used.</summary>
    public const string AccountRecoveryCodeUsed = "account.recovery_code_used";

    /// <summary>All second factors were removed by the command line.</summary>
    public const string AccountFactorsReset = "account.factors_reset";

    /// <summary>The account has become an admin's.</summary>
    public const string AccountPromoted = "account.promoted";

    /// <summary>The account is no longer an admin's.</summary>
    public const string AccountDemoted = "account.demoted";

    /// <summary>A forgotten password was replaced.</summary>
    public const string PasswordReset = "password.reset";

    /// <summary>A code to verify the e-mail was sent.</summary>
    public const string EmailCodeSent = "email.code_sent";

    /// <summary>The e-mail was verified.</summary>
    public const string EmailVerified = "email.verified";

    /// <summary>The customer has entered a new e-mail, which waits for its verification.</summary>
    public const string EmailChangeRequested = "email.change_requested";

    /// <summary>A new e-mail has replaced the old one.</summary>
    public const string EmailChanged = "email.changed";

    /// <summary>The owner of the old e-mail has undone the change.</summary>
    public const string EmailChangeUndone = "email.change_undone";

    /// <summary>A code to verify the phone was sent.</summary>
    public const string PhoneCodeSent = "phone.code_sent";

    /// <summary>The phone was verified.</summary>
    public const string PhoneVerified = "phone.verified";

    /// <summary>A passkey was added.</summary>
    public const string PasskeyAdded = "passkey.added";

    /// <summary>A passkey was removed.</summary>
    public const string PasskeyRemoved = "passkey.removed";

    /// <summary>A passkey's counter went back: somebody may have a copy of it.</summary>
    public const string PasskeyCounterWentBack = "passkey.counter_went_back";

    /// <summary>A session was ended, or all of them.</summary>
    public const string SessionEnded = "session.ended";

    /// <summary>A used refresh token was sent again, so its session was ended: somebody may have stolen it.</summary>
    public const string SessionReuseDetected = "session.reuse_detected";

    /// <summary>The person has confirmed to be the owner, for sensitive changes.</summary>
    public const string SessionSteppedUp = "session.stepped_up";

    /// <summary>A message was not sent because of a limit.</summary>
    public const string MessageRefused = "message.refused";

    /// <summary>An admin has sent a failed message again.</summary>
    public const string MessageRetried = "message.retried";

    /// <summary>The admin has created an API key.</summary>
    public const string KeyCreated = "key.created";

    /// <summary>The admin has changed an API key.</summary>
    public const string KeyUpdated = "key.updated";

    /// <summary>The admin has given an API key a new secret.</summary>
    public const string KeyRotated = "key.rotated";

    /// <summary>The admin has revoked an API key.</summary>
    public const string KeyRevoked = "key.revoked";

    /// <summary>The admin has created a webhook.</summary>
    public const string WebhookCreated = "webhook.created";

    /// <summary>The admin has changed a webhook.</summary>
    public const string WebhookUpdated = "webhook.updated";

    /// <summary>The admin has given a webhook a new secret.</summary>
    public const string WebhookRotated = "webhook.rotated";

    /// <summary>The admin has had events sent again.</summary>
    public const string WebhookRedelivered = "webhook.redelivered";

    /// <summary>The admin has deleted a webhook.</summary>
    public const string WebhookDeleted = "webhook.deleted";
}
