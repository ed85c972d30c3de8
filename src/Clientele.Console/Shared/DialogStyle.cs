using MudBlazor;

namespace Clientele.ConsoleApp.Shared;

/// <summary>How the page's dialogs look. A click beside one does not close it, because that would lose what was typed.</summary>
internal static class DialogStyle
{
    public static DialogOptions Small { get; } = new() { MaxWidth = MaxWidth.ExtraSmall, FullWidth = true, BackdropClick = false, CloseOnEscapeKey = true };

    public static DialogOptions Wide { get; } = new() { MaxWidth = MaxWidth.Medium, FullWidth = true, BackdropClick = false, CloseOnEscapeKey = true };
}
