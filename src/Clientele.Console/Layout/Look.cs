using MudBlazor;

namespace Clientele.ConsoleApp.Layout;

/// <summary>
/// The colours and sizes of the console. All texts have a contrast of at least 4.5 : 1 to what is behind them, in both palettes. The console itself has them
/// as <c>wwwroot/theme.css</c>, made from this by a test, so that no browser has to work them out at each start.
/// </summary>
internal static class Look
{
    private static readonly string[] Fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Ubuntu", "sans-serif"];

    public static readonly MudTheme Theme = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#3949ab",
            PrimaryContrastText = "#ffffff",
            Secondary = "#00696d",
            SecondaryContrastText = "#ffffff",
            Tertiary = "#7b3f98",
            Info = "#1a5fb4",
            Success = "#1b7340",
            Warning = "#8f5200",
            Error = "#b3261e",
            Background = "#f5f6f8",
            BackgroundGray = "#eceef2",
            Surface = "#ffffff",
            AppbarBackground = "#ffffff",
            AppbarText = "#1b2230",
            DrawerBackground = "#ffffff",
            DrawerText = "#333c4b",
            DrawerIcon = "#566070",
            TextPrimary = "#1b2230",
            TextSecondary = "#566070",
            TextDisabled = "#8b94a3",
            ActionDefault = "#566070",
            LinesDefault = "#e0e4ea",
            LinesInputs = "#808a99",
            TableLines = "#e6e9ee",
            TableHover = "#f3f5fa",
            Divider = "#e0e4ea",
            DividerLight = "#eceff3",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#a5b4fc",
            PrimaryContrastText = "#10163a",
            Secondary = "#6fd3d6",
            SecondaryContrastText = "#062b2d",
            Tertiary = "#dba6f5",
            TertiaryContrastText = "#2c0f3b",
            Info = "#8ab8ff",
            InfoContrastText = "#081c3a",
            Success = "#74d399",
            SuccessContrastText = "#06290f",
            Warning = "#f2bd68",
            WarningContrastText = "#2f1c00",
            Error = "#ff9d94",
            ErrorContrastText = "#3b0603",
            Background = "#12151c",
            BackgroundGray = "#0d1016",
            Surface = "#1a1f28",
            AppbarBackground = "#1a1f28",
            AppbarText = "#e7eaf0",
            DrawerBackground = "#1a1f28",
            DrawerText = "#c9d0db",
            DrawerIcon = "#a3adbb",
            TextPrimary = "#e7eaf0",
            TextSecondary = "#a9b3c1",
            TextDisabled = "#707a89",
            ActionDefault = "#a9b3c1",
            LinesDefault = "#2c3442",
            LinesInputs = "#7c8798",
            TableLines = "#2a3240",
            TableHover = "#212835",
            Divider = "#2c3442",
            DividerLight = "#232a36",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px", DrawerWidthLeft = "224px", DrawerMiniWidthLeft = "56px", AppbarHeight = "56px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts, FontSize = ".875rem", LineHeight = "1.5", LetterSpacing = "normal" },
            H5 = new H5Typography { FontFamily = Fonts, FontSize = "1.375rem", FontWeight = "600", LineHeight = "1.3", LetterSpacing = "-.01em" },
            H6 = new H6Typography { FontFamily = Fonts, FontSize = "1rem", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "normal" },
            Subtitle1 = new Subtitle1Typography { FontFamily = Fonts, FontSize = ".875rem", FontWeight = "400", LetterSpacing = "normal" },
            Subtitle2 = new Subtitle2Typography { FontFamily = Fonts, FontSize = ".875rem", FontWeight = "600", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = Fonts, FontSize = ".875rem", LineHeight = "1.5", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = Fonts, FontSize = ".8125rem", LineHeight = "1.45", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = Fonts, FontSize = ".8125rem", FontWeight = "600", LetterSpacing = "normal", TextTransform = "none" },
            Caption = new CaptionTypography { FontFamily = Fonts, FontSize = ".75rem", LetterSpacing = "normal" },
        },
    };
}
