using Weft.Scheduler.Core;

namespace Weft.Scheduler.Tests;

public sealed class SegmentReaderTests
{
    private static readonly SegmentHeader Header = new(SegmentKind.Log, 3, 7);

    [Fact]
    public void The_checksum_is_that_of_the_standard() => Assert.Equal(0xE3069283, Crc32C.Of("123456789"u8));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void Records_are_read_as_they_were_written_in_pieces_of_any_size(int pieceBytes)
    {
        var (bytes, facts, _) = Segment(50);
        var (read, reader, fault) = Read(bytes, pieceBytes);
        Assert.Equal(SegmentFaultKind.None, fault.Kind);
        Assert.Equal(Header, reader.Header);
        Assert.Equal(facts.Select(RandomFacts.Text), read.Select(RandomFacts.Text));
    }

    [Fact]
    public void A_file_cut_at_any_byte_gives_all_records_before_the_cut()
    {
        var (bytes, _, ends) = Segment(12);
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            var (read, reader, fault) = Read(bytes.AsSpan(0, cut).ToArray(), 1000);
            Assert.Equal(ends.Count(end => end <= cut), read.Count);
            if (cut == SegmentHeader.Bytes || ends.Contains(cut))
            {
                Assert.Equal(SegmentFaultKind.None, fault.Kind);
            }
            else
            {
                Assert.Equal(SegmentFaultKind.CutOff, fault.Kind);
                Assert.Equal(ends.Append(cut < SegmentHeader.Bytes ? 0 : SegmentHeader.Bytes).Where(end => end <= cut).Max(), fault.Offset);
                Assert.Equal(0, reader.SyncedUpTo);
            }
        }
    }

    [Fact]
    public void No_flipped_bit_gives_a_record_that_was_not_written()
    {
        var (bytes, facts, ends) = Segment(4);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            var (read, _, fault) = Read(flipped, 1000);
            Assert.NotEqual(SegmentFaultKind.None, fault.Kind);
            Assert.Equal(facts.Take(bit / 8 < SegmentHeader.Bytes ? 0 : ends.Count(end => end <= bit / 8)).Select(RandomFacts.Text), read.Select(RandomFacts.Text));
        }
    }

    [Fact]
    public void A_mark_behind_damage_says_that_it_had_been_on_the_disk()
    {
        var buffer = new RecordBuffer();
        buffer.Add(Header);
        buffer.Add(new NameUnpublished("a"));
        var second = buffer.Count;
        buffer.Add(new NameUnpublished("b"));
        var synced = buffer.Count;
        buffer.AddMark(synced);
        buffer.Add(new NameUnpublished("c"));
        var whole = buffer.Span.ToArray();

        Assert.Equal(3, Read(whole, 10).Facts.Count);
        for (var at = second; at < synced; at++)
        {
            var bytes = whole.ToArray();
            bytes[at] ^= 0x10;
            var (read, reader, fault) = Read(bytes, 10);
            Assert.Single(read);
            Assert.Equal(second, fault.Offset);
            Assert.True(reader.SyncedUpTo > fault.Offset);
        }
    }

    [Fact]
    public void A_newer_format_and_a_foreign_file_are_told_apart()
    {
        var (bytes, _, _) = Segment(1);
        bytes[8]++;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24), Crc32C.Of(bytes.AsSpan(0, 24)));
        var newer = Read(bytes, 1000).Fault;
        Assert.Equal(SegmentFaultKind.Newer, newer.Kind);
        Assert.Contains($"version {SegmentHeader.FormatVersion + 1}", newer.Why);

        Assert.Equal(SegmentFaultKind.Foreign, Read("#!/bin/sh and some more text"u8.ToArray(), 1000).Fault.Kind);
    }

    [Fact]
    public void A_file_of_the_first_format_can_be_read()
    {
        var (bytes, _, _) = Segment(3);
        bytes[8] = 1;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24), Crc32C.Of(bytes.AsSpan(0, 24)));
        Assert.Equal(SegmentFaultKind.None, Read(bytes, 1000).Fault.Kind);
    }

    [Fact]
    public void A_tail_of_zeros_is_no_record() =>
        Assert.Equal(SegmentFaultKind.Corrupt, Read([.. Segment(2).Bytes, .. new byte[4096]], 1000).Fault.Kind);

    private static (byte[] Bytes, List<SchedulerFact> Facts, List<int> Ends) Segment(int count)
    {
        var random = new RandomFacts(count);
        var buffer = new RecordBuffer();
        buffer.Add(Header);
        var facts = new List<SchedulerFact>();
        var ends = new List<int>();
        for (var i = 0; i < count; i++)
        {
            facts.Add(random.Next());
            buffer.Add(facts[^1]);
            ends.Add(buffer.Count);
        }

        return (buffer.Span.ToArray(), facts, ends);
    }

    private static (List<SchedulerFact> Facts, SegmentReader Reader, SegmentFault Fault) Read(byte[] bytes, int pieceBytes)
    {
        var codec = new FactCodec();
        var facts = new List<SchedulerFact>();
        var reader = new SegmentReader();
        foreach (var piece in bytes.Chunk(pieceBytes))
        {
            reader.Append(piece);
            while (reader.TryRead(out var record))
            {
                facts.Add(codec.Read(record));
            }
        }

        return (facts, reader, reader.End());
    }
}
