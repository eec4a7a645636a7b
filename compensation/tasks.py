"""Periodic work of the compensation app: a lost call costs a minute, a repeated one nothing."""

from celery import shared_task

from compensation.services import care, funds, instant, offering, screening


@shared_task
def expire_offers() -> int:
    """End offers whose time is over; returns how many ended."""
    return offering.expire_offers()


@shared_task
def screen_claims() -> int:
    """Look for signs in new claims and those with new marks; returns how many were looked at."""
    return screening.screen_waiting()


@shared_task
def release_funds() -> int:
    """Release what is reserved for cases that ended; returns how many."""
    return funds.release_ended()


@shared_task
def end_instants() -> int:
    """End instant offers whose time is over or whose case a person took on; returns how many."""
    return instant.end_instants()


@shared_task
def tend_care() -> int:
    """Open care tasks where they are asked for, remind of those due, book what they cost."""
    return care.open_waiting() + care.remind_care() + care.book_waiting()
