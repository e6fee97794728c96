/// Times on the wire and in files; inside they are microseconds since 1970 UTC.
public enum EventTime {
    /// Reads RFC 3339 and its common relatives, microseconds since 1970 UTC; `nil` for any other text.
    ///
    /// `2026-11-22T10:00:00.123Z`, `…+01:00`, with a blank for the `T`, and without a zone, which then is UTC; a date
    /// alone is its midnight. Digits beyond microseconds are dropped. A leap second counts as the next second.
    public static func parse(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard text.count >= 10, let date = day(text) else { return nil }
        let midnight = date * 86_400_000_000
        guard text.count > 10 else { return midnight }
        guard text.count >= 19, text[10] | 0x20 == UInt8(ascii: "t") || text[10] == UInt8(ascii: " "),
            text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"),
            let hour = twoDigits(text, 11), let minute = twoDigits(text, 14), let second = twoDigits(text, 17),
            hour < 24, minute < 60, second < 60 || (second == 60 && minute == 59)
        else { return nil }
        var position = 19
        guard let fraction = fraction(text, &position), let zone = zoneMinutes(text, position) else { return nil }
        return midnight + ((hour * 60 + minute - zone) * 60 + second) * 1_000_000 + fraction
    }

    /// The same for a `String`.
    public static func parse(_ text: String) -> Int64? {
        var text = text
        return text.withUTF8 { parse(UnsafeRawBufferPointer($0)) }
    }

    /// Epoch seconds, milliseconds or microseconds by magnitude: below 10¹¹ (the year 5138), below 10¹⁴, below 10¹⁷.
    /// `nil` for negative numbers and for larger ones, which nanoseconds are.
    public static func parse(epoch: Int64) -> Int64? {
        switch epoch {
        case 0..<100_000_000_000: epoch * 1_000_000
        case 100_000_000_000..<100_000_000_000_000: epoch * 1_000
        case 100_000_000_000_000..<100_000_000_000_000_000: epoch
        default: nil
        }
    }

    /// The same for a number with a fraction; `nil` for NaN too. Rounded to microseconds.
    public static func parse(epoch: Double) -> Int64? {
        guard epoch >= 0, epoch < 1e17 else { return nil }
        if epoch < 1e11 { return Int64((epoch * 1e6).rounded()) }
        if epoch < 1e14 { return Int64((epoch * 1e3).rounded()) }
        return Int64(epoch.rounded())
    }

    /// RFC 3339 in UTC with milliseconds, `2026-11-22T10:00:00.123Z`; with microseconds where there are any.
    /// Times outside the years 0 to 9999 are written as the nearest that can be.
    public static func format(_ microseconds: Int64) -> String {
        let time = min(max(microseconds, -62_167_219_200_000_000), 253_402_300_799_999_999)
        let day = floorDivide(time, 86_400_000_000)
        let rest = time - day * 86_400_000_000
        let (year, month, dayOfMonth) = civil(day)
        let second = rest / 1_000_000
        let fraction = rest % 1_000_000
        let hasMicroseconds = fraction % 1_000 != 0
        return
            "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))T\(padded(second / 3_600, 2)):"
            + "\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))."
            + (hasMicroseconds ? padded(fraction, 6) : padded(fraction / 1_000, 3)) + "Z"
    }
}

extension EventTime {
    /// Days since 1970 of the date at the start of the text.
    private static func day(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), let century = twoDigits(text, 0),
            let yearOfCentury = twoDigits(text, 2), let month = twoDigits(text, 5), let day = twoDigits(text, 8),
            month >= 1, month <= 12, day >= 1
        else { return nil }
        let year = century * 100 + yearOfCentury
        guard day <= daysOfMonth(month, year: year) else { return nil }
        return days(year: year, month: month, day: day)
    }

    private static func daysOfMonth(_ month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970 in the proleptic Gregorian calendar (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = floorDivide(marchYear, 400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The inverse of `days`.
    static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    @inline(__always)
    private static func twoDigits(_ text: UnsafeRawBufferPointer, _ position: Int) -> Int64? {
        let tens = text[position] &- 0x30
        let ones = text[position &+ 1] &- 0x30
        return tens <= 9 && ones <= 9 ? Int64(tens &* 10 &+ ones) : nil
    }

    /// Microseconds of `.123…` at the position, 0 if there is none; `nil` for a point without digits.
    private static func fraction(_ text: UnsafeRawBufferPointer, _ position: inout Int) -> Int64? {
        guard position < text.count, text[position] == UInt8(ascii: ".") else { return 0 }
        position += 1
        let start = position
        var value: Int64 = 0
        var scale: Int64 = 1_000_000
        while position < text.count, text[position] &- 0x30 <= 9 {
            if scale > 1 {
                value = value * 10 + Int64(text[position] &- 0x30)
                scale /= 10
            }
            position += 1
        }
        return position > start ? value * scale : nil
    }

    /// Minutes east of UTC of `Z`, `±hh:mm`, `±hhmm` or `±hh` from the position to the end; 0 for nothing.
    private static func zoneMinutes(_ text: UnsafeRawBufferPointer, _ position: Int) -> Int64? {
        let rest = text.count - position
        guard rest > 0 else { return 0 }
        if rest == 1, text[position] | 0x20 == UInt8(ascii: "z") { return 0 }
        let isWest = text[position] == UInt8(ascii: "-")
        guard isWest || text[position] == UInt8(ascii: "+"), rest >= 3, let hours = twoDigits(text, position + 1) else {
            return nil
        }
        var minutes: Int64? = 0
        switch rest {
        case 3: break
        case 5: minutes = twoDigits(text, position + 3)
        case 6: minutes = text[position + 3] == UInt8(ascii: ":") ? twoDigits(text, position + 4) : nil
        default: return nil
        }
        guard let minutes, hours < 24, minutes < 60 else { return nil }
        return isWest ? -(hours * 60 + minutes) : hours * 60 + minutes
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
