using Clientele.Server.Http;
using Phones = Clientele.Server.Customers.PhoneNumbers;

namespace Clientele.Tests.Customers;

/// <summary>Phone numbers are understood as people write them.</summary>
[Trait("Database", "Any")]
public class ReadingPhones
{
    [Theory]
    [InlineData("+1234567890", "+1234567890")]
    [InlineData("+1 (234) 567-890", "+1234567890")]
    [InlineData("+1[234]567.890", "+1234567890")]
    [InlineData("0044 20 7946 0000", "+442079460000")]
    [InlineData("00 44-20-7946-0000", "+442079460000")]
    [InlineData(" +49\u00a030–123456 ", "+4930123456")]
    [InlineData("+49 30/123456", "+4930123456")]
    [InlineData("+44 (0)20 7946 0000", "+442079460000")]
    [InlineData("0044(0)2079460000", "+442079460000")]
    [InlineData("+44 020 7946 0000", "+442079460000")]
    [InlineData("+34 (0)912 345 678", "+34912345678")]
    [InlineData("(+44) 20 7946 0000", "+442079460000")]
    [InlineData("+39 06 1234567", "+39061234567")]
    [InlineData("+39 (0)6 1234567", "+39061234567")]
    [InlineData("+7 8 495 1234567", "+74951234567")]
    [InlineData("＋４４　２０　７９４６　００００", "+442079460000")]
    [InlineData("+٤٤٢٠٧٩٤٦٠٠٠٠", "+442079460000")]
    [InlineData("۰۰۴۴۲۰۷۹۴۶۰۰۰۰", "+442079460000")]
    [InlineData("tel:+44-20-7946-0000", "+442079460000")]
    [InlineData("TEL: +44 20 7946 0000", "+442079460000")]
    [InlineData("\u202a+44 20 7946 0000\u202c", "+442079460000")]
    [InlineData("+44\u200b20\u00ad79460000", "+442079460000")]
    [InlineData("+80012345678", "+80012345678")]
    [InlineData("+4912345", "+4912345")]
    [InlineData("+123456789012345", "+123456789012345")]
    public void Numbers_with_their_country_code_are_stored_as_E164(string text, string phone)
    {
        foreach (var region in new[] { null, "US", "GB", "IT" })
        {
            Assert.True(Phones.TryNormalise(text, region, out var read), region);
            Assert.Equal(phone, read);
            Assert.True(Phones.TryNormalise(phone, region, out var again));
            Assert.Equal(phone, again);
        }
    }

    [Theory]
    [InlineData("GB", "020 7946 0000", "+442079460000")]
    [InlineData("GB", "(020) 7946-0000", "+442079460000")]
    [InlineData("GB", "٠٢٠ ٧٩٤٦ ٠٠٠٠", "+442079460000")]
    [InlineData("GB", "00 33 1 23 45 67 89", "+33123456789")]
    [InlineData("US", "(212) 555-0123", "+12125550123")]
    [InlineData("US", "1-212-555-0123", "+12125550123")]
    [InlineData("US", "011 44 20 7946 0000", "+442079460000")]
    [InlineData("US", "0044 20 7946 0000", "+442079460000")]
    [InlineData("DE", "030/12 34 56", "+4930123456")]
    [InlineData("IT", "06 1234567", "+39061234567")]
    [InlineData("RU", "8 (495) 123-45-67", "+74951234567")]
    [InlineData("JP", "０３ー１２３４ー５６７８", "+81312345678")]
    [InlineData("FR", "01.23.45.67.89", "+33123456789")]
    public void National_numbers_need_a_country(string region, string text, string phone)
    {
        Assert.True(Phones.TryNormalise(text, region, out var read));
        Assert.Equal(phone, read);
        Assert.True(!Phones.TryNormalise(text, null, out read) || read == phone, read);
    }

    [Theory]
    [InlineData("1234567890", "country code")]
    [InlineData("+1234", "at least 5 digits")]
    [InlineData("+491234", "at least 5 digits")]
    [InlineData("+1234567890123456", "at most 15 digits")]
    [InlineData("+0123456789", "calling code")]
    [InlineData("000123456789", "calling code")]
    [InlineData("+999 1234567", "calling code")]
    [InlineData("+210 1234567", "calling code")]
    [InlineData("+1234567x90", "extension")]
    [InlineData("+44 20 7946 0000 ext. 12", "extension")]
    [InlineData("+44 20 7946 0000 #12", "extension")]
    [InlineData("tel:+44-20-7946-0000;ext=12", "extension")]
    [InlineData("+1 800 FLOWERS", "Letters")]
    [InlineData("call me", "Letters")]
    [InlineData("+44 20 7946 0000 Ada", "Letters")]
    [InlineData("++1234567890", "one phone number")]
    [InlineData("+49 30 123456, +49 30 123457", "one phone number")]
    [InlineData("12+34567890", "one phone number")]
    [InlineData("()", "country code")]
    public void What_is_wrong_is_told(string text, string told)
    {
        var errors = new Errors();

        Assert.Null(Phones.Check(text, null, errors));

        Assert.Contains(told, Assert.Single(errors.ToDictionary()["phone"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\u200b")]
    public void Nothing_is_no_number(string? text)
    {
        var errors = new Errors();

        Assert.Null(Phones.Check(text, "US", errors));
        Assert.False(errors.Any);
    }

    [Theory]
    [InlineData("+442079460000", "00442079460000 02079460000")]
    [InlineData("+12125550123", "0012125550123")]
    [InlineData("+39061234567", "0039061234567")]
    [InlineData("+74951234567", "0074951234567 84951234567")]
    [InlineData("+9991234567", "009991234567")]
    public void Numbers_are_dialled_from_abroad_and_at_home(string phone, string dialled) => Assert.Equal(dialled, string.Join(' ', Phones.Dialled(phone)));
}
