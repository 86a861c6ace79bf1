namespace ChatFunctions.Identity;

/// <summary>Which check a token has not passed.</summary>
public enum TokenFault
{
    /// <summary>There is no one token, or it does not name its key.</summary>
    Form,

    /// <summary>Entra ID has no key of the name that it gives.</summary>
    Key,

    /// <summary>The signature is not that key's.</summary>
    Signature,

    /// <summary>It has expired, is not valid yet, or does not say.</summary>
    Lifetime,

    /// <summary>It is for another API.</summary>
    Audience,

    /// <summary>It is another issuer's.</summary>
    Issuer,

    /// <summary>It is another tenant's.</summary>
    Tenant,

    /// <summary>It names no user.</summary>
    User,

    /// <summary>It is without the scope.</summary>
    Scope,

    /// <summary>Any other.</summary>
    Other,
}
