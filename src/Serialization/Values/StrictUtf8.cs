using System.Text;

namespace Weft.Serialization;

/// <summary>UTF-8 that refuses what is ill-formed instead of replacing it, because a replaced character is a changed value.</summary>
internal static class StrictUtf8
{
    public static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
